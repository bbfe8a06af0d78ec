/// <reference lib="es2025.float16" />

const standardDeviation = 0.02
const tableSize = 65_536

/** Fills a view with random bits. */
type RandomBits = () => number

/** xorshift32 (Marsaglia, "Xorshift RNGs", 2003): full period, fast enough to fill 67 MB in a fraction of a second. */
function xorshift32(seed: number): RandomBits {
  // Zero is the generator's fixed point, so the seed is mixed and zero replaced.
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state
  }
}

/**
 * 65,536 half-precision draws from N(0, 0.02), as bit patterns. The sum of twelve uniforms stands for a normal: it needs
 * no logarithm, whose last digit differs between machines, so a seed gives the same file everywhere.
 */
function normalTable(random: RandomBits): Uint16Array {
  const values = new Float16Array(tableSize)
  for (let index = 0; index < tableSize; index++) {
    let sum = -6
    for (let draw = 0; draw < 12; draw++) sum += random() / 2 ** 32
    values[index] = sum * standardDeviation
  }
  return new Uint16Array(values.buffer)
}

/** Returns a function that fills half-precision weights, two at a time: both halves of a random word pick a draw. */
export function createWeightFiller(seed: number): (target: Uint16Array) => void {
  const random = xorshift32(seed)
  const table = normalTable(random)
  return (target) => {
    for (let index = 0; index < target.length; index += 2) {
      const word = random()
      target[index] = table[word & 0xffff] ?? 0
      target[index + 1] = table[word >>> 16] ?? 0
    }
  }
}
