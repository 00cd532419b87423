import { tanstackRouter } from '@tanstack/router-plugin/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { inlineDocuments } from './inline-documents.ts';
import { precompress } from './precompress.ts';

const api = 'http://localhost:4000';

// Each file costs its headers, so what every page loads is one file, and what many pages load is another.
const everywhere = {
  name: 'everywhere',
  test: /node_modules\/(\.pnpm\/)?(react|react-dom|scheduler|@tanstack|@apollo|graphql|graphql-ws|rxjs)[+@/]/,
};
const often = { name: 'often', minShareCount: 26 };
// What only the pages with the customer's look share, and the first view of /my with all that it needs at once.
const shell = { name: 'shell', test: /src\/ui\/(Branded|BrandMark|ColorSchemeSwitch)\.tsx$/ };
const own = { name: 'own', test: /src\/(ui\/MyShell|features\/self-service\/MyAuthenticators)\.tsx$/ };

export default defineConfig({
  plugins: [
    inlineDocuments(),
    tanstackRouter({ target: 'react', autoCodeSplitting: true, quoteStyle: 'single' }),
    react(),
    precompress(),
  ],
  build: {
    target: 'es2022',
    sourcemap: false,
    chunkSizeWarningLimit: 800,
    rolldownOptions: { output: { codeSplitting: { groups: [everywhere, often, shell, own] } } },
  },
  server: {
    proxy: {
      '/auth': { target: api, headers: { origin: api } },
      '/graphql': { target: api, ws: true, headers: { origin: api } },
    },
  },
});
