import { describe, expect, test } from 'vitest'
import { fitLine, solveUnits } from '../../src/load/prompts/calibrate.ts'

describe('the number of words for a number of tokens', () => {
  test.for([
    ['one token a word', (words: number) => words],
    ['a template of 13 tokens', (words: number) => words + 13],
    ['three tokens a word', (words: number) => 3 * words + 2],
    ['tokens of several words', (words: number) => Math.ceil(words / 4) + 5],
    ['words of changing cost', (words: number) => words + Math.floor(words / 3) + (words > 20 ? words - 20 : 0) + 4],
  ] as const)('%s', async ([, tokensOf]) => {
    const count = async (words: number): Promise<number> => tokensOf(words)
    const line = await fitLine(count)
    for (const tokens of [20, 64, 128, 512, 4000]) {
      const units = await solveUnits(tokens, line, count)
      // Brute force: no number of words comes closer.
      const best = Math.min(...Array.from({ length: 20_000 }, (_, words) => Math.abs(tokensOf(words + 1) - tokens)))
      expect(Math.abs(tokensOf(units) - tokens), `${tokens} tokens`).toBe(best)
    }
  })

  test('a line is exact for an exact line', async () => {
    expect(await fitLine(async (words) => 2 * words + 7)).toEqual({ tokensPerUnit: 2, overhead: 7 })
  })

  test('a prompt shorter than the template alone becomes the shortest possible', async () => {
    const count = async (words: number): Promise<number> => words + 50
    expect(await solveUnits(10, await fitLine(count), count)).toBe(1)
  })

  test('a server whose count never moves does not keep us asking', async () => {
    let asked = 0
    const count = async (): Promise<number> => {
      asked += 1
      return 5
    }
    expect(await solveUnits(128, await fitLine(count), count)).toBeGreaterThan(0)
    expect(asked).toBeLessThan(12)
  })
})
