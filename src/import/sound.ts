import { plural } from '../model/words.ts'
import type { ImportedMetric, ImportedRun } from './imported.ts'
import { malformed, noResult } from './refusal.ts'

/** Metrics of which zero is no measurement, however good it looks. */
const neverZero = new Set(['latency', 'ttft', 'tokensPerSecond', 'requestRate'])
const canBeZero = new Set(['stddev'])

/**
 * What every run must be, whatever tool it comes from: some request succeeded, and nothing took no time at all.
 * Failures become visible here too.
 *
 * @throws ActionError `invalid` when no request succeeded, `usage` when a number cannot be
 */
export function soundRun(run: ImportedRun): ImportedRun {
  const { where, completed, failed } = run
  if (completed === 0) {
    throw noResult(
      `${where}: no request succeeded${failed ? ` (${failed} failed)` : ''}.`,
      'There is nothing to import. Look at the log of the tool and of the server.',
    )
  }
  if (run.metrics.length === 0) throw malformed(`${where}: it holds no metric that is known.`)
  const zero = run.metrics.find((metric) => metric.value === 0 && isImpossibleAtZero(metric))
  if (zero) {
    throw malformed(
      `${where}: ${zero.origin.field} is 0; ${zero.metric} of zero is no measurement.`,
      'Nothing was timed. Does the server stream, and does the tool ask for a stream?',
    )
  }
  const untimed = run.metrics.filter(
    ({ statistic, value, metric }) => value === 0 && statistic === 'mean' && !neverZero.has(metric),
  )
  const names = [...new Set(untimed.map(({ metric }) => metric))]
  return {
    ...run,
    metrics: run.metrics.filter(({ metric }) => !names.includes(metric)),
    warnings: [
      ...failureWarning(run),
      ...names.map((name) => `${name} is 0 throughout: nothing was timed, so it is left out.`),
      ...run.warnings,
    ],
  }
}

function isImpossibleAtZero({ metric, statistic }: ImportedMetric): boolean {
  const counts = neverZero.has(metric) || metric.startsWith('llama-bench.')
  return counts && !canBeZero.has(statistic)
}

function failureWarning({ completed, failed }: ImportedRun): string[] {
  if (completed === null || failed === null || failed === 0) return []
  const sent = completed + failed
  return [`${failed} of ${plural(sent, 'request')} failed: what succeeded is the lighter part of the load.`]
}
