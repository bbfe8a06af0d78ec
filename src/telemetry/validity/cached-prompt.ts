import { percent, succeeded, type ValidityRule } from './rule.ts'

const limit = 0.01
/** All prompts of a model begin with the same beginning-of-text token; a cache that holds it saves nothing. */
const sharedTokens = 1

/** Prompts that the server had already worked through: the prefill was skipped, not measured. */
export const cachedPrompt: ValidityRule = ({ scenario, records }) => {
  const ok = succeeded(records)
  const cached = sum(ok.map(({ cachedTokens }) => ((cachedTokens ?? 0) <= sharedTokens ? 0 : (cachedTokens ?? 0))))
  const prompt = sum(ok.map(({ promptTokens }) => promptTokens ?? scenario.promptTokens))
  if (ok.length === 0 || cached / prompt < limit) return null
  return {
    code: 'cached-prompt',
    scenario: scenario.name,
    message: `${percent(cached / prompt)} of the prompt tokens came from the server's cache (allowed: under ${percent(limit)}).`,
    hint: 'Turn the prefix cache off: --no-enable-prefix-caching (vLLM), --disable-radix-cache (SGLang), `cache_prompt: false` in api.extra-body (llama.cpp).',
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
