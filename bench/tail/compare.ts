import { mean, sampleStandardDeviation } from 'simple-statistics'
import { type SortedSample, sortSample } from '../../src/stats/harrell-davis.ts'
import { seededRandom } from '../../src/stats/random.ts'
import { type TailEstimator, tailEstimators } from './estimators/index.ts'
import { type Power, powers } from './power.ts'
import { cutTrials, type LatencySource, truthMs } from './source.ts'

/** What a trial tells: this percentile of so many requests. */
export interface TailDesign {
  readonly percentile: number
  readonly requests: number
}

/** Percentiles that the action gates on, each with at least as many requests as it asks for. */
export const tailDesigns: readonly TailDesign[] = [
  { percentile: 99, requests: 300 },
  { percentile: 99, requests: 1000 },
  { percentile: 97, requests: 100 },
  { percentile: 95, requests: 130 },
  { percentile: 90, requests: 64 },
]

/** One estimator on one source. Logarithms are natural: 0.01 is about 1 %. */
export interface TailResult extends TailDesign {
  readonly source: string
  readonly change: string
  readonly estimator: string
  /** Of base, over all requests of the source. */
  readonly truthMs: number
  /** Head / base, of the truth. */
  readonly truthRatio: number
  /** Mean of log(estimate / truth), on base. */
  readonly biasLog: number
  /** Standard deviation of the logarithm from trial to trial, on base. */
  readonly sdLog: number
  /** Of log(head / base) of a pair. */
  readonly sdLogRatio: number
  /** Mean of log(head / base) of a pair, less the logarithm of the true ratio. */
  readonly biasLogRatio: number
  readonly power: readonly Power[]
}

export interface Sizes {
  /** Trials of each side that are cut from a source. */
  readonly trials: number
  /** Simulated tests behind a power. */
  readonly draws: number
}

/** Every estimator on one source with one design. */
export function compareOn(source: LatencySource, design: TailDesign, sizes: Sizes, seed: number): TailResult[] {
  const p = design.percentile / 100
  const truth = truthMs(source.base, p)
  const truthRatio = truthMs(source.head, p) / truth
  const samples = (runs: readonly Float64Array[]) =>
    cutTrials(runs, design.requests, sizes.trials).map((trial) => sortSample(Array.from(trial)))
  const [base, head] = [samples(source.base), samples(source.head)]
  return tailEstimators.map((estimator) => {
    const [logBase, logHead] = [logEstimates(estimator, base, p), logEstimates(estimator, head, p)]
    const differences = logHead.map((value, pair) => value - (logBase[pair] ?? Number.NaN))
    return {
      source: source.name,
      change: source.change,
      ...design,
      estimator: estimator.name,
      truthMs: truth,
      truthRatio,
      biasLog: mean(logBase) - Math.log(truth),
      sdLog: sampleStandardDeviation(logBase),
      sdLogRatio: sampleStandardDeviation(differences),
      biasLogRatio: mean(differences) - Math.log(truthRatio),
      // The same draws for each estimator, so that their powers can be told apart.
      power: powers(differences, sizes.draws, seededRandom(seed)),
    }
  })
}

/** @throws RangeError when an estimate is no positive, finite number */
function logEstimates(estimator: TailEstimator, samples: readonly SortedSample[], p: number): number[] {
  const estimate = estimator.prepare(samples[0]?.length ?? 0, p)
  return samples.map((sample) => {
    const value = estimate(sample)
    if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`${estimator.name} of ${sample.length} latencies came to ${value}`)
    }
    return Math.log(value)
  })
}
