import { plural } from '../../model/words.ts'
import type { ValidityRule } from './rule.ts'

/** Requests of the warm-up failed: what follows was measured on a server that is not healthy. */
export const warmup: ValidityRule = ({ scenario, window: { warmupFailures } }) => {
  if (warmupFailures.length === 0) return null
  return {
    code: 'warm-up-failed',
    scenario: scenario.name,
    message: `${plural(warmupFailures.length, 'warm-up request')} failed, the first with: ${warmupFailures[0]}`,
    hint: 'The server answers requests of this size with errors. Try one by hand, and see the server log.',
  }
}
