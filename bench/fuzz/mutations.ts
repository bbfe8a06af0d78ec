import type { Random } from '../../src/stats/random.ts'
import { pick, whole } from './samples.ts'

type Mutation = (bytes: Buffer, random: Random) => Buffer

/** What streams are made of: random bytes made of these get further into a reader than plain noise. */
const likely = [
  'data:',
  'data: ',
  '\n',
  '\n\n',
  '\r',
  '\r\n',
  'event: error',
  'error: ',
  '[DONE]',
  '{"choices":[{"text":"a","finish_reason":"length"}],"usage":{"completion_tokens":3}}',
  '{"done":true,"eval_count":3}',
  '{"error":"x"}',
  '{',
  '}',
  '"',
  '\\',
  ':',
  '日',
  '\u0000',
].map((text) => Buffer.from(text))

const mutations: readonly Mutation[] = [flipBit, remove, repeat, insert, truncate, swap]

/** A few changes at random places. */
export function mutate(bytes: Buffer, random: Random): Buffer {
  let mutated = bytes
  for (let left = 1 + whole(4, random); left > 0 && mutated.length > 0; left -= 1) {
    mutated = pick(mutations, random)(mutated, random)
  }
  return mutated
}

export function noise(random: Random): Buffer {
  const part = (): Buffer => (random() < 0.7 ? pick(likely, random) : Buffer.from([whole(256, random)]))
  return Buffer.concat(Array.from({ length: whole(60, random) }, part))
}

function flipBit(bytes: Buffer, random: Random): Buffer {
  const flipped = Buffer.from(bytes)
  const place = whole(bytes.length, random)
  flipped[place] = (flipped[place] ?? 0) ^ (1 << whole(8, random))
  return flipped
}

function range(bytes: Buffer, random: Random): [number, number] {
  const start = whole(bytes.length, random)
  const longest = random() < 0.5 ? 4 : bytes.length - start
  return [start, Math.min(bytes.length, start + 1 + whole(longest, random))]
}

function remove(bytes: Buffer, random: Random): Buffer {
  const [start, end] = range(bytes, random)
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)])
}

function repeat(bytes: Buffer, random: Random): Buffer {
  const [start, end] = range(bytes, random)
  return Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)])
}

function insert(bytes: Buffer, random: Random): Buffer {
  const place = whole(bytes.length + 1, random)
  return Buffer.concat([bytes.subarray(0, place), pick(likely, random), bytes.subarray(place)])
}

function truncate(bytes: Buffer, random: Random): Buffer {
  return bytes.subarray(0, whole(bytes.length, random))
}

function swap(bytes: Buffer, random: Random): Buffer {
  const middle = whole(bytes.length, random)
  return Buffer.concat([bytes.subarray(middle), bytes.subarray(0, middle)])
}
