import { randomFrom } from './random.ts'

/** Below this many units too few orders exist to tell prompts apart, so they also differ in which units they hold. */
const fewestUnits = 8
/** Units at the start that spell out the index. */
const nonceUnits = 4

export interface Arrangement {
  /** Units in the prompt. */
  readonly count: number
  /** Different units to choose from. */
  readonly alphabet: number
  /**
   * True when every unit costs the same number of tokens. Otherwise prompts of one length are different orders of the
   * same units, which cost the same tokens together whatever each of them costs.
   */
  readonly isUniform: boolean
  /** Same key and index, same prompt. */
  readonly key: string
  readonly index: number
}

/**
 * The units of one prompt, as positions in the alphabet. The first few spell the index, so that prompts of different
 * index differ from the start on and no prefix cache can answer for them; the rest is shuffled.
 */
export function arrange({ count, alphabet, isUniform, key, index }: Arrangement): number[] {
  const total = isUniform || count < fewestUnits ? Math.max(count, alphabet) : count
  const units = Array.from({ length: total }, (_, position) => position % alphabet)
  const nonce = spellIndex(index, Math.min(total, alphabet), key)
  // Position and unit are the same number in the first round of the alphabet, so each of these swaps takes one copy out.
  const taken = new Set(nonce)
  const rest = units.filter((_, position) => !taken.has(position))
  shuffle(rest, `${key}/${index}`)
  return [...nonce, ...rest].slice(0, count)
}

/** Different units for different indices: the digits of a number in the factorial number system, from a random start. */
function spellIndex(index: number, distinct: number, key: string): number[] {
  const digits = Math.min(nonceUnits, distinct)
  let numbers = 1
  for (let digit = 0; digit < digits; digit += 1) numbers *= distinct - digit
  let left = (Math.floor(randomFrom(key)() * numbers) + index) % numbers
  const free = Array.from({ length: distinct }, (_, unit) => unit)
  const nonce: number[] = []
  for (let digit = 0; digit < digits; digit += 1) {
    const choices = free.length
    nonce.push(...free.splice(left % choices, 1))
    left = Math.floor(left / choices)
  }
  return nonce
}

function shuffle(items: number[], seed: string): void {
  const random = randomFrom(seed)
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1))
    const item = items[last] as number
    items[last] = items[other] as number
    items[other] = item
  }
}
