import { type GatedMetric, gatedMetrics } from '../../metrics/index.ts'
import { type AcceptedSlowdown, everything, metricWords } from '../../model/accepted.ts'
import { nearestName } from '../nearest.ts'

/** What an acceptance covers; or why that cannot be told, half a sentence each. */
export type ParsedScope =
  | { readonly scope: Pick<AcceptedSlowdown, 'scenario' | 'metric'>; readonly problems: readonly [] }
  | { readonly scope: null; readonly problems: readonly string[] }

/** Names beyond these are not listed: a note must stay readable. */
const mostNames = 8

const words: readonly string[] = [...gatedMetrics.flatMap((metric) => metricWords[metric]), everything]

/**
 * Reads `<scenario or all> <metric or all>`. Names of scenarios are exact, metrics are the words of the report.
 *
 * @param scenarios names of the scenarios of this run
 */
export function parseScope(text: string, scenarios: readonly string[]): ParsedScope {
  const parts = text.split(/\s+/).filter((part) => part !== '')
  const [scenario = '', metric = ''] = parts
  if (parts.length !== 2) {
    return { scope: null, problems: [`a scenario and a metric must stand before the reason, got "${text}"`] }
  }
  const problems = [
    ...unknown('scenario', scenario, [...scenarios, everything]),
    ...unknown('metric', metric.toLowerCase(), words),
  ]
  if (problems.length > 0) return { scope: null, problems }
  return { scope: { scenario: scenario === everything ? null : scenario, metric: metricOf(metric) }, problems: [] }
}

/** Null: all of them. */
function metricOf(word: string): GatedMetric | null {
  const isNamed = (metric: GatedMetric) => (metricWords[metric] as readonly string[]).includes(word.toLowerCase())
  return gatedMetrics.find(isNamed) ?? null
}

function unknown(what: string, name: string, allowed: readonly string[]): string[] {
  if (allowed.includes(name)) return []
  const near = nearestName(name, allowed)
  const guess = near === null ? '' : `; did you mean "${near}"?`
  const more = allowed.length > mostNames ? `, and ${allowed.length - mostNames} more` : ''
  // The word for everything stands last and is always worth telling.
  const listed = [everything, ...allowed.slice(0, -1)].slice(0, mostNames).join(', ')
  return [`there is no ${what} "${name}"${guess} (allowed: ${listed}${more})`]
}
