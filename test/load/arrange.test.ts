import { describe, expect, test } from 'vitest'
import { arrange } from '../../src/load/prompts/arrange.ts'
import { randomFrom } from '../../src/load/prompts/random.ts'
import { words } from '../../src/load/prompts/words.ts'

const base = { count: 64, alphabet: 100, isUniform: false, key: '1/cell', index: 0 }
const many = (changes: Partial<typeof base>, prompts: number): number[][] =>
  Array.from({ length: prompts }, (_, index) => arrange({ ...base, ...changes, index }))

test('the words are different from each other', () => {
  expect(new Set(words).size).toBe(words.length)
  expect(words.length).toBeGreaterThan(100)
})

describe('arrangements', () => {
  test.for([1, 2, 7, 8, 40, 100, 101, 250, 1000])(
    'a prompt of %i units has exactly that many, all in the alphabet',
    (count) => {
      for (const isUniform of [true, false]) {
        const units = arrange({ ...base, count, isUniform })
        expect(units).toHaveLength(count)
        expect(units.every((unit) => Number.isInteger(unit) && unit >= 0 && unit < 100)).toBe(true)
      }
    },
  )

  test.for([8, 20, 100, 130, 250])('prompts of %i units hold the same units in other orders', (count) => {
    const sorted = many({ count }, 50).map((units) => units.toSorted((a, b) => a - b).join())
    expect(new Set(sorted).size).toBe(1)
  })

  test('ten thousand prompts are all different, and no two in a row begin alike', () => {
    const prompts = many({}, 10_000)
    expect(new Set(prompts.map((units) => units.join())).size).toBe(10_000)
    for (const [index, units] of prompts.entries()) expect(units[0]).not.toBe(prompts[index + 1]?.[0])
  })

  test('ten thousand prompts differ within their first four units', () => {
    expect(new Set(many({}, 10_000).map((units) => units.slice(0, 4).join())).size).toBe(10_000)
  })

  test('prompts of one or two units still differ where the alphabet allows it', () => {
    expect(new Set(many({ count: 1 }, 100).map((units) => units.join())).size).toBe(100)
    expect(new Set(many({ count: 2 }, 5000).map((units) => units.join())).size).toBe(5000)
  })

  test('the same key and index give the same prompt, others give another', () => {
    expect(arrange(base)).toEqual(arrange(base))
    expect(arrange({ ...base, key: '2/cell' })).not.toEqual(arrange(base))
    expect(arrange({ ...base, key: '1/other' })).not.toEqual(arrange(base))
    expect(arrange({ ...base, index: 1 })).not.toEqual(arrange(base))
  })
})

describe('random numbers', () => {
  test('the same seed gives the same numbers on every machine', () => {
    // Independent source: FNV-1a of '' is its offset basis 2166136261; mulberry32 of that seed, computed with Python.
    const random = randomFrom('')
    expect([random(), random(), random()].map((value) => Math.round(value * 2 ** 32))).toEqual([
      2625274932, 2119670693, 3324411561,
    ])
  })

  test('they fill [0, 1) evenly', () => {
    const random = randomFrom('even')
    const bins = new Array<number>(10).fill(0)
    for (let draw = 0; draw < 100_000; draw += 1) {
      const bin = Math.floor(random() * 10)
      bins[bin] = (bins[bin] ?? 0) + 1
    }
    // Standard deviation of a bin is 95, so 500 is more than five of them.
    for (const bin of bins) expect(Math.abs(bin - 10_000)).toBeLessThan(500)
  })
})
