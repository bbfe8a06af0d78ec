import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

/** Real servers: started by `npm run test:servers`, one after the other, never by `npm test`. Some load for minutes. */
export default defineConfig({
  root: resolve(import.meta.dirname, '../..'),
  test: {
    include: ['test/servers/*.real.ts'],
    testTimeout: 900_000,
    hookTimeout: 900_000,
    fileParallelism: false,
    reporters: ['verbose'],
  },
})
