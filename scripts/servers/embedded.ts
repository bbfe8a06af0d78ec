import { resolve } from 'node:path'
import type { ServerRecipe } from './recipe.ts'

const main = resolve(import.meta.dirname, '../../examples/engine/main.ts')

/** The engine of this repository: llama.cpp inside a Node process. */
export const embedded: ServerRecipe = {
  name: 'embedded',
  cost: 'nothing',
  install: async () => {},
  isInstalled: () => true,
  start: () => ({
    command: [process.execPath, main, '--port', '{{port}}', '--preset', 'nano'],
    // Compute must not be spread over a pool of threads: see the engine's README.
    env: { UV_THREADPOOL_SIZE: '1' },
    readyPath: '/health',
    readyTimeoutSeconds: 60,
    stopGraceSeconds: 5,
  }),
}
