import { connect, runScenario, type ScenarioOptions, type ScenarioRun, type Target } from '../../src/load/index.ts'
import { words } from '../../src/load/prompts/words.ts'
import type { ApiConfig } from '../../src/model/config.ts'
import { plainLoad, type Scenario } from '../../src/model/scenario.ts'

export const noAbort = new AbortController().signal

export function apiConfig(type: ApiConfig['type'], changes: Partial<ApiConfig> = {}): ApiConfig {
  return {
    type,
    model: null,
    extraBody: {},
    generate: {
      path: '/generate',
      streamPath: '/generate_stream',
      request: '{"prompt": {{{prompt}}}, "max_new_tokens": {{outputTokens}}}',
      streamFormat: 'sse',
      text: 'text',
      promptTokens: 'usage.prompt_tokens',
      outputTokens: 'usage.completion_tokens',
      finishReason: 'finish_reason',
      done: 'done',
      error: 'error',
    },
    ...changes,
  }
}

export function scenarioOf(changes: Partial<Scenario> = {}): Scenario {
  return {
    name: 'cell',
    ...plainLoad,
    promptTokens: 32,
    outputTokens: 8,
    concurrency: 2,
    requests: 12,
    streaming: true,
    ...changes,
  }
}

/** A target as `connect` would find it, without asking the server. */
export function knownTarget(origin: string, api: ApiConfig, changes: Partial<Target> = {}): Target {
  return {
    origin,
    api,
    model: 'fake/model',
    promptSource: { kind: 'words', list: { words, isUniform: false }, line: null },
    countSource: 'usage',
    tokenizer: { model: 'fake/model', dialect: null },
    closesAfter: { stream: false, body: false },
    ...changes,
  }
}

export async function run(
  target: Target,
  scenario: Scenario,
  changes: Partial<ScenarioOptions> = {},
): Promise<ScenarioRun> {
  const zeroMs = performance.now()
  return runScenario({
    target,
    scenario,
    trial: 'h1',
    seed: 1,
    requestTimeoutMs: 10_000,
    nowMs: () => performance.now() - zeroMs,
    signal: noAbort,
    ...changes,
  })
}

export function connectTo(origin: string, api: ApiConfig): Promise<Target> {
  return connect(origin, api, { signal: noAbort, timeoutMs: 5_000 })
}

export function countOutcomes(run: ScenarioRun): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { outcome } of run.records) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}
