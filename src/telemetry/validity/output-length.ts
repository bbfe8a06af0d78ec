import { mayEndEarly } from '../../model/scenario.ts'
import { plural } from '../../model/words.ts'
import { percent, succeeded, type ValidityRule } from './rule.ts'

const tolerance = 0.02

/**
 * Answers of another length than asked for: latency and tokens/s of different work cannot be compared. Where the model may
 * end early, only longer ones are.
 */
export const outputLength: ValidityRule = ({ scenario, records }) => {
  const asked = scenario.outputTokens
  const ok = succeeded(records)
  const least = mayEndEarly(scenario) ? 1 : asked * (1 - tolerance)
  const isRight = (tokens: number) => tokens >= least && tokens <= asked * (1 + tolerance)
  const off = ok.filter(({ outputTokens }) => !isRight(outputTokens ?? Number.NaN))
  const [first] = off
  if (first === undefined) return null
  return {
    code: 'output-length',
    scenario: scenario.name,
    message: `${off.length} of ${plural(ok.length, 'answer')} missed the requested length of ${plural(asked, 'token')} (one has ${first.outputTokens ?? 'no count'}; ${percent(tolerance)} are tolerated).`,
    hint: 'Make the server ignore its end-of-text token (ignore_eos, min_tokens; see api.extra-body), and check that its limit on tokens is not lower.',
  }
}
