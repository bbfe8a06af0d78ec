import { mean, sampleVariance } from 'simple-statistics'
import { fisherUpperTail } from './fisher-f.ts'
import { digamma, trigamma, trigammaInverse } from './polygamma.ts'

/** A variance and how many degrees of freedom it rests on; 0 degrees: nothing is known. */
export interface Variance {
  readonly value: number
  readonly degrees: number
}

export const unknownVariance: Variance = { value: 0, degrees: 0 }

/** Fewer peers say nothing of how much variances differ from one to the next. */
const fewestPeers = 3
/** Peers are alike, not identical: they never weigh more than this, however well they agree. */
const mostPeerDegrees = 16
/** A prior that the data contradict at this level is dropped. */
const contradiction = 0.01

/** The variance of a sample around its own mean; unknown below two values. */
export function varianceOf(values: readonly number[]): Variance {
  return values.length < 2 ? unknownVariance : { value: sampleVariance(values as number[]), degrees: values.length - 1 }
}

/** Independent estimates of one variance, taken together. */
export function poolVariances(variances: readonly Variance[]): Variance {
  const degrees = variances.reduce((total, variance) => total + variance.degrees, 0)
  if (degrees === 0) return unknownVariance
  return { value: variances.reduce((total, { value, degrees: d }) => total + value * d, 0) / degrees, degrees }
}

/**
 * What the variances of peers say of one of them: a typical value, weighted by how alike they are. Empirical Bayes fit
 * of a scaled F distribution by the moments of log variances.
 *
 * @returns unknown when fewer than three peers are known or one is zero
 * @see Smyth (2004), "Linear models and empirical Bayes methods for assessing differential expression", section 6.2
 */
export function fitPeers(peers: readonly Variance[]): Variance {
  const known = peers.filter((peer) => peer.degrees > 0)
  if (known.length < fewestPeers || known.some((peer) => !(peer.value > 0))) return unknownVariance
  const logs = known.map(({ value, degrees }) => Math.log(value) - digamma(degrees / 2) + Math.log(degrees / 2))
  const excess = sampleVariance(logs) - mean(known.map(({ degrees }) => trigamma(degrees / 2)))
  const fitted = excess > 0 ? 2 * trigammaInverse(excess) : Number.POSITIVE_INFINITY
  const degrees = Math.min(fitted, mostPeerDegrees)
  const shift = Number.isFinite(fitted) ? digamma(fitted / 2) - Math.log(fitted / 2) : 0
  return { value: Math.exp(mean(logs) + shift), degrees }
}

/**
 * A sample's variance, moderated by what was known before: (d0 s0^2 + d s^2) / (d0 + d) on d0 + d degrees of freedom.
 * A prior that is clearly too small for the sample is dropped: it must not make a noisy cell look certain.
 */
export function moderate(sample: Variance, prior: Variance): Variance {
  if (prior.degrees === 0 || sample.degrees === 0) return poolVariances([sample, prior])
  const ratio = prior.value > 0 ? sample.value / prior.value : Number.POSITIVE_INFINITY
  if (fisherUpperTail(ratio, sample.degrees, prior.degrees) < contradiction) return sample
  return poolVariances([sample, prior])
}
