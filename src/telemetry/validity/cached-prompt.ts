import { percent, succeeded, type ValidityInput, type ValidityRule } from './rule.ts'

const limit = 0.01
/** All prompts of a model begin with the same beginning-of-text token; a cache that holds it saves nothing. */
const sharedTokens = 1

/** Prompts that the server had already worked through: the prefill was skipped, not measured. */
export const cachedPrompt: ValidityRule = (input) => {
  const found = cachedByAnswers(input) ?? cachedByCounters(input)
  if (found === null) return null
  return {
    code: 'cached-prompt',
    scenario: input.scenario.name,
    message: `${percent(found.fraction)} of the prompt tokens came from the server's cache${found.source} (allowed: under ${percent(limit)}).`,
    hint: 'Turn the prefix cache off: --no-enable-prefix-caching (vLLM), --disable-radix-cache (SGLang), `cache_prompt: false` in api.extra-body (llama.cpp).',
  }
}

interface Cached {
  readonly fraction: number
  /** Where that is known from; empty: the answers themselves. */
  readonly source: string
}

function cachedByAnswers({ scenario, records }: ValidityInput): Cached | null {
  const ok = succeeded(records)
  const cached = sum(ok.map(({ cachedTokens }) => ((cachedTokens ?? 0) <= sharedTokens ? 0 : (cachedTokens ?? 0))))
  const prompt = sum(ok.map(({ promptTokens }) => promptTokens ?? scenario.promptTokens))
  if (ok.length === 0 || cached / prompt < limit) return null
  return { fraction: cached / prompt, source: '' }
}

/** Most servers leave cached tokens out of their answers unless told otherwise; their counters know them all the same. */
function cachedByCounters({ scenario, records, window, telemetry }: ValidityInput): Cached | null {
  const { cacheHits = null, cacheQueries = null } = telemetry?.serverMetrics[scenario.name] ?? {}
  if (cacheHits === null || cacheQueries === null || cacheQueries === 0) return null
  const requests = window.warmupRequests + records.length
  const fraction = (cacheHits - requests * sharedTokens) / cacheQueries
  return fraction < limit ? null : { fraction, source: ', by its own counters' }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
