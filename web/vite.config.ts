import { tanstackRouter } from '@tanstack/router-plugin/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { inlineDocuments } from './inline-documents.ts';
import { precompress } from './precompress.ts';

const api = 'http://localhost:4000';

export default defineConfig({
  plugins: [
    inlineDocuments(),
    tanstackRouter({ target: 'react', autoCodeSplitting: true, quoteStyle: 'single' }),
    react(),
    precompress(),
  ],
  build: { target: 'es2022', sourcemap: false, chunkSizeWarningLimit: 800 },
  server: {
    proxy: {
      '/auth': { target: api, headers: { origin: api } },
      '/graphql': { target: api, ws: true, headers: { origin: api } },
    },
  },
});
