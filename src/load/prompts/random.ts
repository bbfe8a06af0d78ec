/** A source of fractions in [0, 1). */
export type Random = () => number

/**
 * Seeded from any text, so that the same scenario, index and seed give the same prompt on every machine.
 * Hash: FNV-1a, 32 bit. Generator: mulberry32 (Tommy Ettinger, public domain).
 */
export function randomFrom(seed: string): Random {
  let state = 0x811c9dc5
  for (const byte of Buffer.from(seed)) state = Math.imul(state ^ byte, 0x01000193)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
