/** A source of numbers from 0 up to, but not including, 1. */
export type Random = () => number

/**
 * Seeded random numbers, the same on every machine. Not for secrets.
 * @param seed any whole number; only its lowest 32 bits count
 * @see https://github.com/bryc/code/blob/master/jshash/PRNGs.md (mulberry32, public domain)
 */
export function seededRandom(seed: number): Random {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    return scramble(state) / 2 ** 32
  }
}

/** One number from 0 up to 1 that depends on both arguments only: what comes first does not matter. */
export function randomAt(seed: number, index: number): number {
  return scramble((scramble(seed | 0) ^ Math.imul(index + 1, 0x9e3779b1)) | 0) / 2 ** 32
}

function scramble(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 15), value | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  return (mixed ^ (mixed >>> 14)) >>> 0
}
