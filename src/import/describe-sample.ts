import { mean, quantile, standardDeviation } from 'simple-statistics'
import type { RequestRecord } from '../model/request.ts'

/** Percentiles of result files, in per cent. */
export const filePercentiles = [50, 90, 95, 99] as const

/**
 * The statistics that result files hold, as numpy computes them: quantiles by linear interpolation (type 7), and the
 * standard deviation of the population. Not what a verdict rests on, but what other tools' files can be compared with.
 *
 * @param values finite, at least one
 * @see Hyndman and Fan (1996), "Sample quantiles in statistical packages"
 */
export function describeSample(values: readonly number[]): Record<string, number> {
  const sample = [...values]
  return {
    mean: mean(sample),
    median: quantile(sample, 0.5),
    stddev: standardDeviation(sample),
    ...Object.fromEntries(filePercentiles.map((percent) => [`p${percent}`, quantile(sample, percent / 100)])),
  }
}

/** The three times of each successful request, in milliseconds, where it has them. */
export interface RequestTimes {
  readonly latency: readonly number[]
  readonly ttft: readonly number[]
  readonly tpot: readonly number[]
}

/**
 * The times as most tools define them: TPOT is (last token - first token) / (output tokens - 1), which takes the first
 * chunk for one token.
 */
export function requestTimes(requests: readonly Omit<RequestRecord, 'trial' | 'scenario'>[]): RequestTimes {
  const [latency, ttft, tpot]: [number[], number[], number[]] = [[], [], []]
  for (const { outcome, sentMs, firstTokenMs, lastTokenMs, endMs, outputTokens } of requests) {
    if (outcome !== 'ok' || sentMs === null || endMs === null) continue
    latency.push(endMs - sentMs)
    if (firstTokenMs === null) continue
    ttft.push(firstTokenMs - sentMs)
    if (lastTokenMs !== null && outputTokens !== null && outputTokens > 1) {
      tpot.push((lastTokenMs - firstTokenMs) / (outputTokens - 1))
    }
  }
  return { latency, ttft, tpot }
}
