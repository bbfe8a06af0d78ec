import { percent, succeeded, type ValidityRule } from './rule.ts'

const tolerance = 0.02
/** Short prompts: a beginning-of-text token and one more or less at the seam of two words. */
const toleratedTokens = 2

/**
 * Prompts of another length than planned, by the server's own count. An endpoint that never counts prompt tokens cannot
 * be checked; one that counts them only now and then is broken.
 */
export const promptLength: ValidityRule = ({ scenario, records }) => {
  const ok = succeeded(records)
  if (ok.every(({ promptTokens }) => promptTokens === null)) return null
  const allowed = Math.max(toleratedTokens, tolerance * scenario.promptTokens)
  const off = ok.filter(
    ({ promptTokens }) => !(Math.abs((promptTokens ?? Number.NaN) - scenario.promptTokens) <= allowed),
  )
  const [first] = off
  if (first === undefined) return null
  return {
    code: 'prompt-length',
    scenario: scenario.name,
    message: `${off.length} of ${ok.length} prompts are not of the planned ${scenario.promptTokens} tokens (the server counted ${first.promptTokens ?? 'none'} for one; ${toleratedTokens} tokens or ${percent(tolerance)} are tolerated).`,
    hint: 'Does the server cut prompts, or add a system prompt? Plan a length that its context holds, or use an API that takes token ids.',
  }
}
