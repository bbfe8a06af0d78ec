import { join, resolve } from 'node:path'
import { json, server, workflow } from '../../demo/team.ts'
import { recipes, serverFolder } from '../../scripts/servers/index.ts'
import type { Phase } from '../../src/model/verdict.ts'
import type { Files } from '../../test/runner/files.ts'

/** A change that makes the engine slower by real work, and what the comment must say of it. Written by hand. */
export interface Knob {
  readonly files: Files
  readonly scenario: string
  readonly phase: Phase
  /** The part of the matrix, as the report says it. */
  readonly part: string
}

/** A team that serves with one engine: its repository, and what it could change. */
export interface Team {
  readonly files: Files
  /** Slower by about a fifth in one scenario. */
  readonly knobs: Readonly<Record<string, Knob>>
}

export const engineNames = ['embedded', 'llama-server'] as const
export type EngineName = (typeof engineNames)[number]

const root = resolve(import.meta.dirname, '../..')

/**
 * Short trials, so that many jobs fit into two hours. What is promised to be caught is twice the margin: the +20 % of the
 * slower changes.
 */
function configuration(command: string, env: Readonly<Record<string, string>>, api: string): string {
  const lines = Object.entries({ PORT: '{{port}}', ...env }).map(
    ([name, value]) => `    ${name}: ${JSON.stringify(value)}`,
  )
  return `version: 1
server:
  command: ${command}
  port: auto
  ready: { path: /health, timeout-seconds: 60 }
  env:
${lines.join('\n')}
api: { type: ${api} }
scenarios:
  - { name: long-prompt, prompt-tokens: 128, output-tokens: 2, concurrency: 1, requests: 30 }
  - { name: short-prompt, prompt-tokens: 8, output-tokens: 16, concurrency: 1, requests: 30 }
gate:
  margins: { latency: 10%, tokens-per-second: 10%, all-latency: 10%, all-tokens-per-second: 10% }
  trials: 2
  calibration-trials: 9
  budget-minutes: 6
`
}

const longPrompts = 'with long prompts (128 tokens)'
const embeddedSettings = { preset: 'nano', batchSize: 512, sequences: 8, flashAttention: true }

function embedded(): Team {
  const env = {
    ENGINE_HOME: join(root, 'examples', 'engine'),
    ENGINE_CACHE: join(root, 'out', 'engine-cache'),
    UV_THREADPOOL_SIZE: '1',
  }
  const settings = (changed: object): Files => ({ 'engine.json': json({ ...embeddedSettings, ...changed }) })
  return {
    files: {
      'server.mjs': server,
      ...settings({}),
      'llm-perf.yml': configuration('node server.mjs', env, 'openai-completions'),
      '.github/workflows/llm-perf.yml': workflow,
    },
    knobs: {
      // A check of the input reads the start of every prompt before it is answered.
      guard: {
        files: settings({ guardPasses: 1, guardTokens: 32 }),
        scenario: 'long-prompt',
        phase: 'prefill',
        part: longPrompts,
      },
      'small-batch': {
        files: settings({ batchSize: 20 }),
        scenario: 'long-prompt',
        phase: 'prefill',
        part: longPrompts,
      },
      probabilities: {
        files: settings({ probabilities: true }),
        scenario: 'short-prompt',
        phase: 'decode',
        part: 'with long answers (16 tokens)',
      },
    },
  }
}

/** @throws Error when llama-server is not installed */
function llamaServer(): Team {
  const folder = serverFolder('llama-server')
  if (!recipes['llama-server'].isInstalled(folder)) {
    throw new Error('llama-server is not installed: run `npm run test:servers -- llama-server --install-only` first.')
  }
  const { command, env } = recipes['llama-server'].start(folder)
  const script = (...more: readonly string[]): Files => {
    const words = [...command, ...more].map((word) => (word === '{{port}}' ? '"$PORT"' : `'${word}'`))
    return { 'server.sh': `exec ${words.join(' ')}\n` }
  }
  return {
    files: {
      ...script(),
      'llm-perf.yml': configuration('sh server.sh', env, 'llama-cpp'),
      '.github/workflows/llm-perf.yml': workflow,
    },
    knobs: {
      'small-batch': {
        files: script('--ubatch-size', '16'),
        scenario: 'long-prompt',
        phase: 'prefill',
        part: longPrompts,
      },
    },
  }
}

export const teams: Readonly<Record<EngineName, () => Team>> = { embedded, 'llama-server': llamaServer }
