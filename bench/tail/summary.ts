import { mean, median } from 'simple-statistics'
import type { TailResult } from './compare.ts'
import { present } from './estimators/index.ts'

/** One estimator over all sources and designs, beside the present one on the same trials. */
export interface EstimatorSummary {
  readonly estimator: string
  /** Sources times designs. */
  readonly cells: number
  /** Standard deviation of log(head / base) over that of the present estimator: below 1 is better. */
  readonly sdRatioMedian: number
  readonly sdRatioLeast: number
  readonly sdRatioMost: number
  /** Cells in which it is lower by at least a tenth. */
  readonly clearlySteadier: number
  /** Largest amount of the mean of log(estimate / truth), and of log(head / base) less its truth. */
  readonly worstBiasLog: number
  readonly worstBiasLogRatio: number
  /**
   * Cells in which the ratio is off by at most half a per cent more than with the present estimator: trials that are short
   * beside the ups and downs of a queue tell no estimator the whole change.
   */
  readonly soundRatios: number
  /** Mean over the cells, 8 pairs. */
  readonly powerAt20: number
  readonly powerAtChange: number
}

const clearly = 0.9
const toleratedRatioBias = 0.005
const pairs = 8

/** In the order in which the estimators come in the results. */
export function summarise(results: readonly TailResult[]): EstimatorSummary[] {
  return [...new Set(results.map(({ estimator }) => estimator))].map((estimator) => {
    const own = results.filter((result) => result.estimator === estimator)
    const sdRatios = own.map((result) => result.sdLogRatio / presentOf(results, result).sdLogRatio)
    const ratioBiases = own.map(({ biasLogRatio }) => Math.abs(biasLogRatio))
    return {
      estimator,
      cells: own.length,
      sdRatioMedian: median(sdRatios),
      sdRatioLeast: Math.min(...sdRatios),
      sdRatioMost: Math.max(...sdRatios),
      clearlySteadier: sdRatios.filter((ratio) => ratio <= clearly).length,
      worstBiasLog: Math.max(...own.map(({ biasLog }) => Math.abs(biasLog))),
      worstBiasLogRatio: Math.max(...ratioBiases),
      soundRatios: own.filter((result) => {
        const best = Math.abs(presentOf(results, result).biasLogRatio)
        return Math.abs(result.biasLogRatio) <= best + toleratedRatioBias
      }).length,
      powerAt20: mean(own.map((result) => powerOf(result, pairs, 0.2))),
      powerAtChange: mean(own.map((result) => powerOf(result, pairs, null))),
    }
  })
}

/** Steadier by a tenth in most of the cells, and no ratio clearly further off: worth a switch. */
export function isClearlyBetter({ cells, clearlySteadier, soundRatios }: EstimatorSummary): boolean {
  return clearlySteadier > cells / 2 && soundRatios === cells
}

/** The present estimator on the same trials. */
export function presentOf(results: readonly TailResult[], { source, percentile, requests }: TailResult): TailResult {
  const found = results.find((other) => {
    const isSame = other.source === source && other.percentile === percentile && other.requests === requests
    return isSame && other.estimator === present.name
  })
  if (!found) throw new Error(`There is no result of ${present.name} for P${percentile} of ${requests} on "${source}".`)
  return found
}

/** @param slowdown null: the change of the source itself */
export function powerOf({ power }: TailResult, pairsWanted: number, slowdown: number | null): number {
  const found = power.find((one) => one.pairs === pairsWanted && one.slowdown === slowdown)
  if (!found) throw new Error(`There is no power for ${pairsWanted} pairs.`)
  return found.power
}
