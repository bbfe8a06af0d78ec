import { ActionError, type ErrorCode } from './errors.ts'
import type { Conclusion } from './model/verdict.ts'

/** Exit codes of the terminal commands that judge. */
export const exitCodes: Readonly<Record<Conclusion, number>> = {
  pass: 0,
  regressed: 1,
  invalid: 3,
  inconclusive: 4,
}

const errorExitCodes: Readonly<Record<ErrorCode, number>> = { usage: 2, invalid: 3, cancelled: 130 }

/** Exit code of a run that ended by an error; whatever we did not expect is 70, a defect of ours. */
export function exitCodeOf(thrown: unknown): number {
  return thrown instanceof ActionError ? errorExitCodes[thrown.code] : 70
}
