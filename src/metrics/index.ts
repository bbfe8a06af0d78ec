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
export const gatedMetrics = names.filter((name): name is GatedMetric => metrics[name].kind === 'gated')
export const shownMetrics = names.filter((name): name is ShownMetric => metrics[name].kind === 'shown')

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
