import { defineConfig } from 'vitest/config';

// Vite would take graphql's .mjs where Node takes its .js: two copies, and graphql refuses the other one's types.
const alias = [{ find: /^graphql$/, replacement: 'graphql/index.js' }];
const exclude = ['**/node_modules/**', '**/dist/**'];
const timeouts = { testTimeout: 30_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    // The api's tests run a server and a database beside each worker.
    maxWorkers: 2,
    projects: [
      {
        resolve: { alias },
        test: { name: 'packages', include: ['packages/*/{src,test}/**/*.test.ts'], exclude, ...timeouts },
      },
      {
        resolve: { alias },
        test: {
          name: 'api',
          include: ['api/{src,test}/**/*.test.ts'],
          exclude,
          globalSetup: ['api/test/global-setup.ts'],
          pool: 'forks',
          ...timeouts,
        },
      },
      {
        resolve: { alias },
        test: { name: 'web', include: ['web/{src,test}/**/*.test.{ts,tsx}'], exclude, ...timeouts },
      },
    ],
  },
});
