import { mean } from 'simple-statistics'
import type { Metric } from '../metrics/index.ts'
import type { BaselineWindow } from '../model/baseline.ts'
import { moderate, poolVariances, unknownVariance, type Variance, varianceOf } from '../stats/moderated-variance.ts'
import { type Cell, singlesOf } from './cells.ts'
import type { Effect } from './effect.ts'
import type { Quantity } from './level-jobs.ts'
import { hasFinding, type Pair } from './pairs.ts'
import { type Measured, slowness } from './slowness.ts'
import { type CellNoise, cellNoise, fewestJobs, levelVariance, moderateByPeers, noiseOf } from './window-noise.ts'

/** How one scenario stands to all others in the window: that is where drift of the whole machine cancels. */
export interface Anchor {
  readonly window: BaselineWindow
  readonly metric: Metric
  readonly own: readonly string[]
  /** The other scenarios of the matrix. */
  readonly others: readonly string[]
  /** Of the scenario's slowness less that of the others. */
  readonly contrast: CellNoise
}

/** A base this many standard errors from where the window expects it says that the window is of another time. */
const mostInconsistent = 2.5
/** One pair tells nothing of its own spread. */
const fewestFullPairs = 2

/** Anchors of single scenarios, by cell: none in a matrix of one scenario, nor while the window holds few jobs. */
export function windowAnchors(window: BaselineWindow, cells: readonly Cell[]): Map<string, Anchor> {
  const singles = cells.filter(({ scenario }) => scenario !== null)
  const contrasts = new Map<string, CellNoise>()
  for (const cell of singles) {
    const contrast = noiseOf(window, standing(cell, singles), (trial) => contrastOf(trial, placeOf(cell, singles)))
    if (contrast && contrast.jobs >= fewestJobs && contrast.within.value > 0) contrasts.set(cell.key, contrast)
  }
  return new Map(
    singles.flatMap((cell) => {
      const noise = contrasts.get(cell.key)
      if (!noise) return []
      const contrast = moderateByPeers(noise, singlesOf(singles, cell.metric), contrasts)
      return [[cell.key, { window, ...placeOf(cell, singles), contrast }] as const]
    }),
  )
}

/** A contrast changes when any scenario of the matrix does: its own, or one that it is held against. */
function standing({ metric }: Cell, singles: readonly Cell[]): Quantity {
  return { metric, members: singlesOf(singles, metric).flatMap(({ members }) => members) }
}

/** A scenario, and the other scenarios of the matrix that it is held against. */
export function placeOf({ key, metric, members: own }: Cell, singles: readonly Cell[]): Place {
  const others = singlesOf(singles, metric).filter((cell) => cell.key !== key)
  return { metric, own, others: others.flatMap(({ members }) => members) }
}

/**
 * The effect in one scenario when its base is known from two sources: its own base trials in the pairs, and what the
 * other scenarios' base trials showed, to which it stands as the window says. The sources are weighted by precision. A
 * drift of the whole machine cancels, as in pairs; a drift of this scenario alone is in the window's spread between
 * jobs.
 *
 * Pairs that did not measure all scenarios cannot be read so; their plain differences join by precision.
 *
 * @param differences head less base of each pair, in the order of `pairs`
 * @param plain what these differences alone say
 * @returns null where the window does not help
 */
export function anchoredEffect(
  anchor: Anchor,
  pairs: readonly Pair[],
  differences: readonly number[],
  plain: Effect,
): Effect | null {
  const full = pairs.filter(({ base, head }) => isWhole(base, anchor) && isWhole(head, anchor))
  const weight = full.length < fewestFullPairs ? null : weightOfOwnBase(anchor, full)
  if (weight === null) return null
  const { metric, own, contrast } = anchor
  const fromWindow = (1 - weight) * contrast.level
  const shifts = full.map(
    ({ base, head }) => knownOf(slowness(head, metric, own)) - knownOf(mixed(base, anchor, weight)) - fromWindow,
  )
  const spread = moderate(varianceOf(shifts), spreadInWindow(anchor, weight))
  if (spread.degrees === 0) return null
  const ofWindow = (1 - weight) ** 2 * levelVariance(contrast)
  const anchored = { estimate: mean(shifts), variance: spread.value / full.length + ofWindow, degrees: spread.degrees }
  const rest = differences.filter((_, index) => !full.includes(pairs[index] as Pair))
  if (rest.length === 0) return effectFrom(anchored)
  const ofRest = (plain.standardError ** 2 * differences.length) / rest.length
  return joined(anchored, { estimate: mean(rest as number[]), variance: ofRest, degrees: plain.degrees })
}

/** The same as the window foresees it, for so many pairs of the whole matrix. */
export function anchoredNoise(anchor: Anchor, pairs: number): Variance {
  const ofLevel = levelVariance(anchor.contrast)
  const weight = inverseVarianceWeight(anchor.contrast.within.value / pairs, ofLevel)
  const spread = spreadInWindow(anchor, weight)
  return { value: spread.value / pairs + (1 - weight) ** 2 * ofLevel, degrees: spread.degrees }
}

/** How what an anchored estimate rests on scatters, as the window shows it: variances of slowness. */
export interface AnchorScatter {
  /** Of one trial of the scenario within its job, of the mean of the other scenarios in it, and their covariance. */
  readonly own: number
  readonly others: number
  readonly covariance: number
  /** Of the scenario less the others, within a job. */
  readonly contrast: number
  /** Of where the scenario stands to the others in one more job. */
  readonly level: number
}

export function anchorScatter(anchor: Anchor): AnchorScatter {
  const own = spreadInWindow(anchor, 1).value / 2
  const others = spreadInWindow(anchor, 0).value - own
  const ofHalves = spreadInWindow(anchor, 0.5).value - own
  const covariance = 2 * ofHalves - (own + others) / 2
  return { own, others, covariance, contrast: anchor.contrast.within.value, level: levelVariance(anchor.contrast) }
}

/** Variance of head less expected base, as two trials of one job of the window show it. */
function spreadInWindow(anchor: Anchor, weight: number): Variance {
  const { window, metric, own } = anchor
  const head = cellNoise(window, metric, own)
  const base = noiseOf(window, { metric, members: own }, (trial) => mixed(trial, anchor, weight))
  const [ofHead, ofBase] = [head?.within ?? unknownVariance, base?.within ?? unknownVariance]
  return { value: ofHead.value + ofBase.value, degrees: Math.min(ofHead.degrees, ofBase.degrees) }
}

interface Estimate {
  readonly estimate: number
  readonly variance: number
  readonly degrees: number
}

/** The weight of the base trials' own measurement; null when they contradict the window. */
function weightOfOwnBase(anchor: Anchor, full: readonly Pair[]): number | null {
  const of = (side: 'base' | 'head') => full.map((pair) => knownOf(contrastOf(pair[side], anchor)))
  const { contrast } = anchor
  const within = moderate(poolVariances([varianceOf(of('base')), varianceOf(of('head'))]), contrast.within)
  const ofMean = within.value / full.length
  const ofLevel = levelVariance(contrast)
  const inconsistency = (mean(of('base')) - contrast.level) / Math.sqrt(ofMean + ofLevel)
  return Math.abs(inconsistency) <= mostInconsistent ? inverseVarianceWeight(ofMean, ofLevel) : null
}

/** What an estimate of this variance weighs beside another; the other weighs the rest. NaN where neither has any. */
export function inverseVarianceWeight(own: number, other: number): number {
  return other / (own + other)
}

/** The mean of two independent estimates by inverse variance. */
function joined(a: Estimate, b: Estimate): Effect {
  const share = inverseVarianceWeight(a.variance, b.variance)
  return effectFrom({
    estimate: share * a.estimate + (1 - share) * b.estimate,
    variance: share ** 2 * a.variance + (1 - share) ** 2 * b.variance,
    degrees: Math.min(a.degrees, b.degrees),
  })
}

function effectFrom({ estimate, variance, degrees }: Estimate): Effect {
  return { estimate, standardError: Math.sqrt(variance), degrees }
}

type Place = Pick<Anchor, 'metric' | 'own' | 'others'>

/** Slowness of the scenario less that of the others; null where a trial lacks any. */
export function contrastOf(trial: Measured, place: Place): number | null {
  return combined(trial, place, 1, -1)
}

/** What the base is expected to show, but for how the scenario stands to the others. */
function mixed(trial: Measured, place: Place, weight: number): number | null {
  return combined(trial, place, weight, 1 - weight)
}

function combined(trial: Measured, { metric, own, others }: Place, ofOwn: number, ofOthers: number): number | null {
  const [mine, theirs] = [slowness(trial, metric, own), slowness(trial, metric, others)]
  return mine === null || theirs === null ? null : ofOwn * mine + ofOthers * theirs
}

function isWhole(trial: Pair['base'], anchor: Anchor): boolean {
  return contrastOf(trial, anchor) !== null && !hasFinding(trial, [...anchor.own, ...anchor.others])
}

/** What {@link isWhole} has made sure of; anything else would be NaN and clear nothing. */
function knownOf(value: number | null): number {
  return value ?? Number.NaN
}
