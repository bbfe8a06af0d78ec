import type { MetricDefinition } from './definition.ts'
import { goodput } from './goodput.ts'
import { latencyMean } from './latency-mean.ts'
import { latencyMedian } from './latency-median.ts'
import { latencySentTail } from './latency-sent-tail.ts'
import { latencyTail } from './latency-tail.ts'
import { queueDelayMedian } from './queue-delay-median.ts'
import { queueDelayTail } from './queue-delay-tail.ts'
import { requestRate } from './request-rate.ts'
import { sendRate } from './send-rate.ts'
import { tokensPerSecond } from './tokens-per-second.ts'
import { tpotMean } from './tpot-mean.ts'
import { ttftMedian } from './ttft-median.ts'
import { ttftSentTail } from './ttft-sent-tail.ts'
import { ttftTail } from './ttft-tail.ts'

/** Every metric by name, in the order of the report. */
export const metrics = {
  latencyTail,
  tokensPerSecond,
  latencyMedian,
  latencyMean,
  ttftTail,
  ttftMedian,
  tpotMean,
  requestRate,
  goodput,
  latencySentTail,
  ttftSentTail,
  queueDelayTail,
  queueDelayMedian,
  sendRate,
} as const

export type Metric = keyof typeof metrics

type OfKind<K> = { [M in Metric]: (typeof metrics)[M]['kind'] extends K ? M : never }[Metric]
export type GatedMetric = OfKind<'gated'>
export type ShownMetric = OfKind<'shown'>

const names = Object.keys(metrics) as Metric[]
export const gatedMetrics = names.filter(isGated)
export const shownMetrics = names.filter((name): name is ShownMetric => metrics[name].kind === 'shown')

/** True for a metric that can fail a pull request. */
export function isGated(metric: Metric): metric is GatedMetric {
  return metrics[metric].kind === 'gated'
}

/** True for what a measurement can be: a positive, finite number, or 0 of a metric that may be 0. */
export function isPossible(metric: Metric, value: number): boolean {
  const { mayBeZero }: MetricDefinition = metrics[metric]
  return (value > 0 && value < Number.POSITIVE_INFINITY) || (mayBeZero === true && value === 0)
}

/** What one scenario of one trial came to: each metric's value (null: does not exist here), and what it rests on. */
export interface ScenarioMetrics {
  readonly values: Readonly<Record<Metric, number | null>>
  /** Percentile of the tail metrics, in per cent. */
  readonly percentile: number
  /** Successful requests. */
  readonly requests: number
  /** Successful / sent, 0 to 1. */
  readonly successRate: number
}
