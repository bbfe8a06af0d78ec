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
 *
 * Fisher and Yates from the front, stopped when the prompt is long enough and then undone: a short prompt from a large
 * alphabet costs no more than its own length.
 */
export function arrange({ count, alphabet, isUniform, key, index }: Arrangement): number[] {
  const total = isUniform || count < fewestUnits ? Math.max(count, alphabet) : count
  const units = roundsOf(total, alphabet)
  const digits = spellIndex(index, Math.min(total, alphabet), key)
  const random = randomFrom(`${key}/${index}`)
  const swaps: number[] = []
  for (let at = 0; at < count; at += 1) {
    const other = at + (digits[at] ?? Math.floor(random() * (total - at)))
    swap(units, at, other)
    swaps.push(other)
  }
  const arranged = units.slice(0, count)
  for (let at = count - 1; at >= 0; at -= 1) swap(units, at, swaps[at] as number)
  return arranged
}

/** The units in order, the alphabet again and again. Asked for with the same numbers thousands of times in a row. */
function roundsOf(total: number, alphabet: number): number[] {
  if (rounds.length !== total || roundsAlphabet !== alphabet) {
    rounds = Array.from({ length: total }, (_, position) => position % alphabet)
    roundsAlphabet = alphabet
  }
  return rounds
}

let rounds: number[] = []
let roundsAlphabet = 0

/**
 * The digits of a number in the factorial number system, from a random start: each says which of the units that are left
 * in the first round comes next, so different indices give different units.
 */
function spellIndex(index: number, distinct: number, key: string): number[] {
  const digits = Math.min(nonceUnits, distinct)
  let numbers = 1
  for (let digit = 0; digit < digits; digit += 1) numbers *= distinct - digit
  let left = (Math.floor(startOf(key) * numbers) + index) % numbers
  const spelled: number[] = []
  for (let digit = 0; digit < digits; digit += 1) {
    const choices = distinct - digit
    spelled.push(left % choices)
    left = Math.floor(left / choices)
  }
  return spelled
}

/** Where the numbers of a key start, in [0, 1). */
function startOf(key: string): number {
  if (key !== startKey) {
    startKey = key
    start = randomFrom(key)()
  }
  return start
}

let startKey = ''
let start = randomFrom(startKey)()

/** Fisher and Yates, in place; same seed, same order. */
export function shuffle(items: number[], seed: string): void {
  const random = randomFrom(seed)
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1))
    swap(items, last, other)
  }
}

function swap(items: number[], a: number, b: number): void {
  const item = items[a] as number
  items[a] = items[b] as number
  items[b] = item
}
