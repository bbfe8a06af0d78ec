import { toleratedDeviation } from '../../model/lengths.ts'
import { plural } from '../../model/words.ts'
import { succeeded, type ValidityRule } from './rule.ts'

/**
 * Prompts of another length than planned, by the server's own count. An endpoint that never counts prompt tokens cannot
 * be checked; one that counts them only now and then is broken. A team's own prompts have whatever length they have.
 */
export const promptLength: ValidityRule = ({ scenario, records }) => {
  if (scenario.prompts !== null) return null
  const ok = succeeded(records)
  if (ok.every(({ promptTokens }) => promptTokens === null)) return null
  const allowed = toleratedDeviation(scenario.promptTokens)
  const off = ok.filter(
    ({ promptTokens }) => !(Math.abs((promptTokens ?? Number.NaN) - scenario.promptTokens) <= allowed),
  )
  const [first] = off
  if (first === undefined) return null
  return {
    code: 'prompt-length',
    scenario: scenario.name,
    message: `${off.length} of ${plural(ok.length, 'prompt')} missed the planned length of ${plural(scenario.promptTokens, 'token')} (the server counted ${first.promptTokens ?? 'none'} for one; 2 tokens or 2 % are tolerated).`,
    hint: 'Does the server cut prompts, or add a system prompt? Plan a length that its context holds, or use an API that takes token ids.',
  }
}
