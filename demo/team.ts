import type { Files } from '../test/runner/files.ts'

/**
 * The team's model server: its own process around the embedded engine, with the settings of engine.json. ENGINE_HOME
 * stands for an installed package.
 */
export const server = `import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const settings = JSON.parse(readFileSync(new URL('./engine.json', import.meta.url), 'utf8'))
const { startEngine } = await import(pathToFileURL(join(process.env.ENGINE_HOME, 'index.ts')).href)
const place = { port: Number(process.env.PORT), cacheDir: process.env.ENGINE_CACHE }
await startEngine({ ...settings, ...place })
`

/**
 * The same server after a change that looks harmless: it keeps every request "for the log", until the machine's
 * out-of-memory killer takes it; the last line is what that killer does.
 */
const serverThatDies = server.replace(
  'await startEngine({ ...settings, ...place })\n',
  `const kept = []
const keep = ({ path }) => {
  if (path.startsWith('/v1/completions')) kept.push(Buffer.alloc(1 << 20))
  if (kept.length > 40) process.kill(process.pid, 'SIGKILL')
}
await startEngine({ ...settings, ...place, onRequest: keep })
`,
)

const engineSettings = { preset: 'tiny', batchSize: 512, sequences: 8, flashAttention: true }

/** What the action is told. The margins are what two shared, noisy cores allow; a quiet GPU machine wants the defaults. */
function configuration(enginePath: string, cachePath: string): string {
  return `version: 1
server:
  command: node server.mjs
  port: auto
  ready: { path: /health, timeout-seconds: 60 }
  env:
    PORT: "{{port}}"
    ENGINE_HOME: ${JSON.stringify(enginePath)}
    ENGINE_CACHE: ${JSON.stringify(cachePath)}
    UV_THREADPOOL_SIZE: "1"
api: { type: openai-completions }
scenarios:
  - { name: long-prompt, prompt-tokens: 96, output-tokens: 2, concurrency: 1, requests: 30 }
  - { name: short-prompt, prompt-tokens: 8, output-tokens: 12, concurrency: 1, requests: 30 }
gate:
  # Two shared cores: the same code differs by 10 to 15 % from start to start.
  margins: { latency: 35%, tokens-per-second: 25%, all-latency: 25%, all-tokens-per-second: 20% }
  trials: 2
  calibration-trials: 5
  budget-minutes: 5
`
}

export const workflow = `name: llm-perf
on:
  pull_request:
  push: { branches: [main] }
permissions: {}
jobs:
  gate:
    if: github.event_name == 'push' || github.event.pull_request.head.repo.full_name == github.repository
    runs-on: [self-hosted]
    permissions:
      contents: write # commits the baseline on push
      pull-requests: write # writes the comment
    steps:
      - uses: actions/checkout@v5
        with: { fetch-depth: 0 }
      - uses: org/llm-perf-action@v1
`

/** What the repository holds when the team starts, with the paths that stand for installed software. */
export function initialFiles(enginePath: string, cachePath: string): Files {
  return {
    'server.mjs': server,
    'engine.json': json(engineSettings),
    'llm-perf.yml': configuration(enginePath, cachePath),
    '.github/workflows/llm-perf.yml': workflow,
    'README.md': '# Our model server\n',
  }
}

/** The pull requests of the week, as the files they change. */
export const changes = {
  harmless: { 'README.md': '# Our model server\n\nAsk it anything.\n' },
  /** An input guard reads every prompt twice before it is answered: a real setting of the engine, no sleep. */
  slower: { 'engine.json': json({ ...engineSettings, guardPasses: 1 }) },
  dying: { 'server.mjs': serverThatDies },
} as const satisfies Record<string, Files>

export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
