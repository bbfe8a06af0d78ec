import { type Random, seededRandom } from '../../stats/random.ts'

export type { Random } from '../../stats/random.ts'

/**
 * Seeded from any text, so that the same scenario, index and seed give the same prompt on every machine.
 * Hash: FNV-1a, 32 bit.
 */
export function randomFrom(seed: string): Random {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(seed)) hash = Math.imul(hash ^ byte, 0x01000193)
  return seededRandom(hash)
}
