import type { ApiConfig, Config, ServerConfig } from '../model/config.ts'
import type { GatePolicy } from '../model/policy.ts'
import type { GateFile } from './gate-schema.ts'
import type { PromptSets } from './prompts/prompt-sets.ts'
import { expandScenarios } from './scenarios.ts'
import type { ConfigFile } from './schema.ts'
import { isSized } from './sizes.ts'

/** The validated file in the words of the engine. */
export function normaliseConfig(file: ConfigFile, prompts: PromptSets): Config {
  const scenarios = expandScenarios(file.scenarios ?? [], file.matrix, prompts)
  const unsized = scenarios.find((scenario) => !isSized(scenario))
  if (unsized) throw new Error(`scenario ${unsized.name} has no size, and no check told so`)
  return {
    server: normaliseServer(file.server),
    load: {
      api: normaliseApi(file.api),
      scenarios,
      prompts: Object.fromEntries([...prompts].map(([name, set]) => [name, set.prompts])),
      requestTimeoutSeconds: file.load['request-timeout-seconds'],
      seed: file.load.seed,
      compareOutputs: file.load['compare-outputs'],
    },
    gate: normaliseGate(file.gate),
  }
}

export function normaliseGate(file: GateFile): GatePolicy {
  return {
    margins: {
      latencyTail: file.margins.latency,
      tokensPerSecond: file.margins['tokens-per-second'],
      latencyTailAll: file.margins['all-latency'],
      tokensPerSecondAll: file.margins['all-tokens-per-second'],
    },
    failureLimit: file['failure-limit'],
    maxPairs: file['max-pairs'],
    trials: file.trials,
    calibrationTrials: file['calibration-trials'],
    budgetMinutes: file['budget-minutes'],
  }
}

function normaliseServer(file: ConfigFile['server']): ServerConfig {
  return {
    command: typeof file.command === 'string' ? tightenPort(file.command) : file.command.map(tightenPort),
    setup: file.setup ?? null,
    workingDirectory: file['working-directory'],
    port: file.port === 'auto' ? 0 : file.port,
    readyPath: file.ready.path === 'none' ? null : file.ready.path,
    readyTimeoutSeconds: file.ready['timeout-seconds'],
    env: Object.fromEntries(Object.entries(file.env).map(([name, value]) => [name, tightenPort(value)])),
    stopGraceSeconds: file['stop-grace-seconds'],
  }
}

function normaliseApi(file: ConfigFile['api']): ApiConfig {
  const { generate } = file
  return {
    type: file.type,
    model: file.model ?? null,
    extraBody: file['extra-body'],
    generate: {
      path: generate.path,
      streamPath: generate['stream-path'],
      request: generate.request,
      streamFormat: generate['stream-format'],
      text: generate.text,
      promptTokens: generate['prompt-tokens'] === 'none' ? null : generate['prompt-tokens'],
      outputTokens: generate['output-tokens'],
      finishReason: generate['finish-reason'],
      done: generate.done,
      error: generate.error,
    },
  }
}

/** People write `{{ port }}` too; the server's starter knows `{{port}}`. */
function tightenPort(text: string): string {
  return text.replaceAll(/\{\{\s*port\s*\}\}/g, '{{port}}')
}
