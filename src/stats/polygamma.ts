/** Below this the recurrence moves the argument up, where the asymptotic series is exact to 1e-14. */
const seriesFrom = 12

/** Derivative of ln(gamma), for x above 0. @see https://dlmf.nist.gov/5.11.2 and 5.5.2 */
export function digamma(x: number): number {
  if (x < seriesFrom) return digamma(x + 1) - 1 / x
  const r = 1 / (x * x)
  return Math.log(x) - 0.5 / x - r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r / 132))))
}

/** Second derivative of ln(gamma), for x above 0. @see https://dlmf.nist.gov/5.15.8 and 5.15.5 */
export function trigamma(x: number): number {
  if (x < seriesFrom) return trigamma(x + 1) + 1 / (x * x)
  const r = 1 / (x * x)
  return 1 / x + r / 2 + (r / x) * (1 / 6 - r * (1 / 30 - r * (1 / 42 - r * (1 / 30 - (r * 5) / 66))))
}

/** The x whose trigamma is `value`, for a value above 0: trigamma falls all the way, so halving finds it. */
export function trigammaInverse(value: number): number {
  let low = 1e-8
  let high = 1
  while (trigamma(high) > value) high *= 2
  for (let step = 0; step < 200 && high - low > 1e-12 * high; step++) {
    const middle = (low + high) / 2
    if (trigamma(middle) > value) low = middle
    else high = middle
  }
  return (low + high) / 2
}
