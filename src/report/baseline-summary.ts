import { mean, sampleStandardDeviation } from 'simple-statistics'
import { levelJobs } from '../judge/index.ts'
import { type GatedMetric, gatedMetrics, metrics } from '../metrics/index.ts'
import type { BaselineJob, BaselineWindow } from '../model/baseline.ts'
import { shardName } from '../model/shard.ts'
import { plural } from '../model/words.ts'
import { describeRunner } from './details.ts'
import { formatCost, formatPercent, formatValue, noFigure, shortSha } from './format.ts'
import { longestSummaryBytes } from './limits.ts'
import { codeSpan, linkTarget } from './style.ts'
import { fill } from './templates.ts'

export interface BaselineSummary {
  /** The window as it is now, with the job in it. */
  readonly window: BaselineWindow
  readonly job: BaselineJob
  /** Where the file stands in the repository. */
  readonly path: string
  readonly branch: string
  /** The commit that holds the file; null when nothing was written (a dry run). */
  readonly commit: string | null
  readonly minutes: number
  readonly passes: number
  readonly notes: readonly string[]
  readonly toolVersion: string
  readonly runUrl: string | null
}

/** The step summary of a push or a calibration: what entered the baseline, and how noisy this runner is. */
export function renderBaselineSummary(summary: BaselineSummary): string {
  const { window, job, commit } = summary
  const shard = window.shard ? `shard ${shardName(window.shard)}` : null
  for (const most of [Number.POSITIVE_INFINITY, 1_000, 100]) {
    const rows = window.scenarios.flatMap(({ name }) =>
      gatedMetrics.flatMap((metric) => noiseRow(window, job, name, metric)),
    )
    const text = fill('baseline', {
      ...summary,
      hasNotes: summary.notes.length > 0,
      kind: job.kind === 'calibration' ? 'The calibration' : 'The trials of this push',
      commitOfJob: shortSha(job.commit),
      trials: plural(job.trials.length, 'trial'),
      shard,
      windowSize: plural(window.jobs.length, 'job'),
      windowTrials: plural(window.jobs.flatMap(({ trials }) => trials).length, 'trial'),
      runner: describeRunner(window.runnerClass),
      written: commit === null ? null : shortSha(commit),
      cost: formatCost(summary.minutes, summary.passes),
      rows: rows.slice(0, most),
      leftOut: rows.length > most,
      runUrl: linkTarget(summary.runUrl),
    })
    if (Buffer.byteLength(text) <= longestSummaryBytes) return text
  }
  return `The baseline was updated by ${plural(job.trials.length, 'trial')}; the summary was too long to be shown.\n`
}

/** Coefficients of variation: between the trials of this job, and between the means of the jobs since the level changed. */
function noiseRow(window: BaselineWindow, job: BaselineJob, scenario: string, metric: GatedMetric) {
  const measured = valuesOf(job, scenario, metric)
  const first = job.trials.find((trial) => trial.scenarios[scenario])?.scenarios[scenario]
  if (!first || measured.length === 0) return []
  const jobs = levelJobs(window, { metric, members: [scenario] })
  const perJob = jobs.map((other) => valuesOf(other, scenario, metric)).filter((values) => values.length > 0)
  const definition = metrics[metric]
  return [
    {
      nameCode: codeSpan(scenario),
      metric: definition.label(first.percentile),
      value: formatValue(mean(measured), definition.unit),
      within: variation(measured),
      between: variation(perJob.map(mean)),
    },
  ]
}

function valuesOf(job: BaselineJob, scenario: string, metric: GatedMetric): number[] {
  return job.trials.flatMap((trial) => trial.scenarios[scenario]?.values[metric] ?? [])
}

function variation(values: readonly number[]): string {
  if (values.length < 2) return noFigure
  return formatPercent(sampleStandardDeviation([...values]) / mean([...values]))
}
