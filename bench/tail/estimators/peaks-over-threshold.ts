import type { SortedSample } from '../../../src/stats/harrell-davis.ts'
import type { TailEstimator } from './estimator.ts'

/** A generalised Pareto distribution of what exceeds a threshold; shape above 0: heavier than exponential. */
interface ParetoTail {
  readonly shape: number
  readonly scale: number
}

/** Exceedances in ascending order, all above 0. */
type Fit = (exceedances: readonly number[]) => ParetoTail

/** Values of the tail that a fit rests on: three times as many as lie above the percentile, at least this many. */
const fewestPeaks = 20
const peaksPerTailValue = 3
/** Below this a shape is an exponential distribution, whose formula is the limit. */
const flatShape = 1e-9

/**
 * The quantile of a generalised Pareto distribution that is fitted to the values above a threshold.
 * @see Pickands (1975), "Statistical inference using extreme order statistics"
 */
function peaksOverThreshold(name: string, fit: Fit): TailEstimator {
  return {
    name,
    prepare(n, p) {
      const peaks = Math.min(Math.floor(n / 2), Math.max(fewestPeaks, Math.round(peaksPerTailValue * n * (1 - p))))
      const beyond = ((1 - p) * n) / peaks
      return (sample: SortedSample) => {
        const threshold = sample[n - peaks - 1] ?? Number.NaN
        const exceedances = sample.slice(n - peaks).map((value) => value - threshold)
        // Several values equal to the threshold: a clock too coarse for a fit.
        if (!((exceedances[0] ?? 0) > 0)) return sample[Math.ceil(p * n) - 1] ?? Number.NaN
        return threshold + quantileOf(fit(exceedances), beyond)
      }
    },
  }
}

function quantileOf({ shape, scale }: ParetoTail, beyond: number): number {
  if (Math.abs(shape) < flatShape) return -scale * Math.log(beyond)
  return (scale * (beyond ** -shape - 1)) / shape
}

/**
 * Fitted by probability-weighted moments.
 * @see Hosking and Wallis (1987), "Parameter and quantile estimation for the generalized Pareto distribution", section 3
 */
const byMoments: Fit = (exceedances) => {
  const k = exceedances.length
  let [mean, weighted] = [0, 0]
  for (const [index, value] of exceedances.entries()) {
    mean += value / k
    weighted += ((1 - (index + 0.65) / k) * value) / k
  }
  const excess = mean - 2 * weighted
  return { shape: 2 - mean / excess, scale: (2 * mean * weighted) / excess }
}

/**
 * Fitted by a mean over the likelihood, which exists where its maximum does not.
 * @see Zhang and Stephens (2009), "A new and efficient estimation method for the generalized Pareto distribution"
 */
const byLikelihoodMean: Fit = (exceedances) => {
  const k = exceedances.length
  const largest = exceedances[k - 1] ?? Number.NaN
  const quartile = exceedances[Math.max(0, Math.floor(k / 4 + 0.5) - 1)] ?? Number.NaN
  const count = 30 + Math.floor(Math.sqrt(k))
  const candidates = Array.from({ length: count }, (_, index) => {
    const theta = 1 / largest + (1 - Math.sqrt(count / (index + 0.5))) / (3 * quartile)
    const shape = shapeAt(exceedances, theta)
    return { theta, likelihood: k * (Math.log(-theta / shape) - shape - 1) }
  })
  const best = Math.max(...candidates.map(({ likelihood }) => likelihood))
  let [total, theta] = [0, 0]
  for (const candidate of candidates) {
    const weight = Math.exp(candidate.likelihood - best)
    total += weight
    theta += weight * candidate.theta
  }
  const shape = shapeAt(exceedances, theta / total)
  return { shape, scale: (-shape * total) / theta }
}

/** The most likely shape when theta = -shape / scale is known. */
function shapeAt(exceedances: readonly number[], theta: number): number {
  let sum = 0
  for (const value of exceedances) sum += Math.log1p(-theta * value)
  return sum / exceedances.length
}

export const paretoByMoments = peaksOverThreshold('generalised Pareto, weighted moments', byMoments)
export const paretoByLikelihood = peaksOverThreshold('generalised Pareto, Zhang-Stephens', byLikelihoodMean)
