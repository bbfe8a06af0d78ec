/** A fraction as the benches print it: `12.3 %`. */
export function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(1)} %`
}

/** `12 %` */
export function wholePercent(fraction: number): string {
  return `${(100 * fraction).toFixed(0)} %`
}
