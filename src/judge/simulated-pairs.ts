import { normal } from '../stats/normal.ts'
import { seededRandom } from '../stats/random.ts'
import type { AnchorScatter } from './anchor.ts'
import type { PairNoise } from './hurdles.ts'
import { mostPairs } from './looks.ts'

/** Enough to know a probability of 95 % to 0.7 %. */
export const simulatedRuns = 1000
/** Head, base, and what the other scenarios' base trials do besides. */
const drawsOfPair = 3
/** The window's level, and the screen. */
const drawsOfRun = 2
const seed = 20_260_101

/** What the simulated trials of one cell scatter by. */
export interface SimulatedNoise {
  /** Standard deviation of one trial. */
  readonly ofTrial: number
  readonly anchor: SimulatedAnchor | null
}

export interface SimulatedAnchor {
  /** Part of the own base trial's noise that the other scenarios share. */
  readonly shared: number
  /** Standard deviation of what the others do besides. */
  readonly besides: number
  /** Variances, as {@link AnchorScatter} has them. */
  readonly contrast: number
  readonly level: number
}

/** The window says how the scenarios scatter together, the noise of the run how much. */
export function simulatedNoise({ pairDeviation }: PairNoise, scatter: AnchorScatter | null): SimulatedNoise {
  const ofTrial = pairDeviation / Math.SQRT2
  if (!scatter || !(scatter.own > 0)) return { ofTrial, anchor: null }
  const { own, others, covariance, contrast, level } = scatter
  const shared = covariance / own
  const besides = Math.sqrt(Math.max(0, others - shared * covariance))
  return { ofTrial, anchor: { shared, besides, contrast, level } }
}

/** The pairs of one simulated run, one after the other, as running sums; without any effect. */
export class SimulatedPairs {
  readonly #draws = standardDraws()
  readonly #run: number
  readonly #noise: SimulatedNoise
  #pairs = 0
  /** The two smallest differences. */
  #least = Number.POSITIVE_INFINITY
  #second = Number.POSITIVE_INFINITY
  #sum = 0
  #squares = 0
  #heads = 0
  #bases = 0
  #others = 0

  /** @param run from 0 to {@link simulatedRuns} - 1 */
  constructor(run: number, noise: SimulatedNoise) {
    this.#run = run
    this.#noise = noise
  }

  /** Goes on until there are so many pairs, at most those of the largest design. */
  advance(pairs: number): void {
    const { ofTrial, anchor } = this.#noise
    const { ofPair } = this.#draws
    for (; this.#pairs < pairs; this.#pairs++) {
      const at = (this.#run * mostPairs + this.#pairs) * drawsOfPair
      const head = ofTrial * (ofPair[at] ?? Number.NaN)
      const base = ofTrial * (ofPair[at + 1] ?? Number.NaN)
      const difference = head - base
      this.#sum += difference
      this.#squares += difference * difference
      this.#second = Math.min(this.#second, Math.max(this.#least, difference))
      this.#least = Math.min(this.#least, difference)
      this.#heads += head
      this.#bases += base
      if (anchor) this.#others += anchor.shared * base + anchor.besides * (ofPair[at + 2] ?? Number.NaN)
    }
  }

  /** Mean of the one or two smallest differences; there must be as many pairs. */
  meanOfLeast(count: 1 | 2): number {
    return count === 1 ? this.#least : (this.#least + this.#second) / 2
  }

  mean(): number {
    return this.#sum / this.#pairs
  }

  /** Of the differences; 0 below two pairs. */
  variance(): number {
    return this.#pairs < 2 ? 0 : Math.max(0, this.#squares - this.#sum * this.mean()) / (this.#pairs - 1)
  }

  /** Head less the base that own and other scenarios expect, the own with this weight. */
  anchoredMean(weight: number): number {
    const level = Math.sqrt(this.#noise.anchor?.level ?? 0) * (this.#draws.ofRun[this.#run * drawsOfRun] ?? Number.NaN)
    const fromOthers = this.#others / this.#pairs + level
    return this.#heads / this.#pairs - weight * (this.#bases / this.#pairs) - (1 - weight) * fromOthers
  }
}

/** A standard normal number for the noise of a simulated run's screen. */
export function screenDraw(run: number): number {
  return standardDraws().ofRun[run * drawsOfRun + 1] ?? Number.NaN
}

/** Standard normal numbers. */
interface Draws {
  readonly ofPair: Float64Array
  readonly ofRun: Float64Array
}

let known: Draws | null = null

/** The same for every cell and every report, made when first needed: figures do not move from one report to the next. */
function standardDraws(): Draws {
  if (known) return known
  const random = seededRandom(seed)
  const draw = (length: number) => Float64Array.from({ length }, () => normal(random))
  known = { ofPair: draw(simulatedRuns * mostPairs * drawsOfPair), ofRun: draw(simulatedRuns * drawsOfRun) }
  return known
}
