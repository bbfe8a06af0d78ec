import { defineConfig } from 'vitest/config'

/**
 * `*.test.ts` are unit and process tests. Real engines and real sockets share two cores here, so the files run one
 * after the other: a neighbour test that burns a core would make the others slow, never wrong.
 */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
})
