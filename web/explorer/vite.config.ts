import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { precompress } from '../precompress.ts';

/** The API explorer is a page of its own: nothing of its weight may get into the files that the consoles share. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/explorer/',
  plugins: [react(), precompress()],
  build: {
    outDir: '../dist/explorer',
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: false,
    chunkSizeWarningLimit: 8000,
    rolldownOptions: {
      // «use no memo» in GraphiQL is for a compiler that does not run here.
      onLog: (level, log, handle) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
      },
    },
  },
});
