import type { Conclusion, Verdict } from '../model/verdict.ts'

/** A broken measurement has another symbol than a slowdown, everywhere. */
export const conclusionSymbols: Readonly<Record<Conclusion, string>> = {
  pass: '✅',
  regressed: '❌',
  invalid: '⚠️',
  inconclusive: '❔',
}

export const verdictWords: Readonly<Record<Verdict, string>> = {
  regressed: '❌ regressed',
  invalid: '⚠️ INVALID',
  missing: '⚠️ missing',
  inconclusive: '❔ inconclusive',
  new: '🆕 new',
  accepted: '☑️ accepted',
  improved: '✅ improved',
  unchanged: '✅ unchanged',
}
