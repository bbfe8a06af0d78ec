import { existsSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { ensureModel } from '../../examples/engine/gguf/model-cache.ts'
import type { ServerRecipe } from './recipe.ts'
import { doOnce, isDone, runProgram } from './steps.ts'

const modules = resolve(import.meta.dirname, '../../node_modules')
const carrier = join(modules, 'node-llama-cpp', 'llama')
const { tag: release } = JSON.parse(readFileSync(join(carrier, 'llama.cpp.info.json'), 'utf8')) as { tag: string }

/** Compiled libraries of the same release; where a platform has none, all of llama.cpp is compiled. */
const libraries = join(modules, '@node-llama-cpp', 'linux-x64', 'bins', 'linux-x64')
const hasLibraries = existsSync(join(libraries, 'libllama-common.so'))

/** The hot loops are vector instructions written by hand: more optimisation mostly makes the compilation longer. */
const quickToCompile = [
  '-DCMAKE_BUILD_TYPE=Release',
  '-DCMAKE_CXX_FLAGS_RELEASE=-O1 -DNDEBUG',
  '-DCMAKE_C_FLAGS_RELEASE=-O2 -DNDEBUG',
]
/** Nothing but the server, for any machine that shares the cache folder: no tests, no web page, no TLS. */
const whole = ['BUILD_SHARED_LIBS', 'GGML_NATIVE', 'GGML_OPENMP', 'LLAMA_OPENSSL', 'LLAMA_USE_PREBUILT_UI'].concat(
  ['TESTS', 'EXAMPLES', 'APP', 'UI'].map((part) => `LLAMA_BUILD_${part}`),
)
const onlyServer = join(import.meta.dirname, 'llama-server')

const source = { name: 'source of llama.cpp', recipe: { release } }
const binary = {
  name: 'build of llama-server',
  recipe: { release, hasLibraries, quickToCompile, lists: readFileSync(join(onlyServer, 'CMakeLists.txt'), 'utf8') },
}

/** llama.cpp's own server, built from the sources that the package node-llama-cpp carries. */
export const llamaServer: ServerRecipe = {
  name: 'llama-server',
  cost: '3 to 15 minutes on two cores for one compilation, 0.4 GB; needs git, cmake and a C++ compiler',
  async install(folder) {
    const sources = join(folder, 'source')
    const build = join(folder, 'build')
    await doOnce(folder, source, async () => {
      rmSync(sources, { recursive: true, force: true })
      await runProgram(folder, ['git', 'clone', '--quiet', join(carrier, 'gitRelease.bundle'), sources])
    })
    await doOnce(folder, binary, async () => {
      const options = hasLibraries
        ? ['-S', onlyServer, `-DSOURCE=${sources}`, `-DLIBRARIES=${libraries}`, `-DRELEASE=${release}`]
        : ['-S', sources, ...whole.map((name) => `-D${name}=OFF`)]
      // It remembers one checkout's path; another one may share this folder.
      rmSync(join(build, 'CMakeCache.txt'), { force: true })
      await runProgram(folder, ['cmake', '-B', build, ...quickToCompile, ...options])
      const jobs = String(availableParallelism())
      await runProgram(folder, ['cmake', '--build', build, '--target', 'llama-server', '--parallel', jobs])
    })
    modelOf(folder)
  },
  isInstalled: (folder) => isDone(folder, binary),
  start: (folder) => ({
    command: [
      join(folder, 'build', 'bin', 'llama-server'),
      ...['--model', modelOf(folder), '--alias', 'tiny', '--host', '127.0.0.1', '--port', '{{port}}'],
      ...['--ctx-size', '4096', '--parallel', '4', '--threads', '1', '--metrics', '--no-ui'],
    ],
    env: {},
    readyPath: '/health',
    readyTimeoutSeconds: 60,
    stopGraceSeconds: 10,
  }),
}

/** The embedded engine's model file: any llama.cpp reads it. */
function modelOf(folder: string): string {
  return ensureModel(join(folder, 'models'), 'nano', 1).path
}
