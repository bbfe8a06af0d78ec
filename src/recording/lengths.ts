import type { ScenarioLengths, Spread } from '../model/lengths.ts'
import type { ScenarioWindow } from '../model/recording.ts'
import type { RequestRecord } from '../model/request.ts'
import { mayEndEarly, type Scenario } from '../model/scenario.ts'

/** The lengths of one scenario in one trial; null when no request succeeded. */
export function lengthsOf(
  scenario: Scenario,
  { promptSource, countSource }: ScenarioWindow,
  records: readonly RequestRecord[],
): ScenarioLengths | null {
  const ok = records.filter(({ outcome }) => outcome === 'ok')
  if (ok.length === 0) return null
  // An answer that is trusted to have the length it was asked for has not been counted.
  const outputs = countSource === 'requested' ? [null] : ok.map(({ outputTokens }) => outputTokens)
  return {
    scenario: scenario.name,
    promptSource,
    requests: ok.length,
    prompt: {
      asked: scenario.prompts === null ? scenario.promptTokens : null,
      counted: spreadOf(ok.map(({ promptTokens }) => promptTokens)),
    },
    output: {
      asked: scenario.outputTokens,
      ...(mayEndEarly(scenario) && { isLimit: true }),
      counted: spreadOf(outputs),
    },
  }
}

function spreadOf(counts: readonly (number | null)[]): Spread | null {
  let [least, sum, most] = [Number.POSITIVE_INFINITY, 0, Number.NEGATIVE_INFINITY]
  for (const count of counts) {
    if (count === null) return null
    least = Math.min(least, count)
    most = Math.max(most, count)
    sum += count
  }
  return { least, mean: sum / counts.length, most }
}
