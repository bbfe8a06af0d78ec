import { describe, expect, it } from 'vitest'
import {
  differingFields,
  isAmong,
  isSameScenario,
  mayEndEarly,
  plainLoad,
  type Scenario,
} from '../../src/model/scenario.ts'

const chat: Scenario = {
  ...plainLoad,
  name: 'chat',
  promptTokens: 128,
  outputTokens: 64,
  concurrency: 4,
  requests: 300,
  streaming: true,
}
const others: Partial<Scenario>[] = [
  { name: 'talk' },
  { promptTokens: 129 },
  { outputTokens: 65 },
  { outputLength: 'at-most' },
  { concurrency: null },
  { arrivals: { requestsPerSecond: 10, burstiness: null } },
  { thinkTimeMs: 1 },
  { rampSeconds: 1 },
  { requests: 301 },
  { minSeconds: 1 },
  { streaming: false },
  { prompts: { file: 'prompts.txt', sha256: '0'.repeat(64) } },
  { objectives: { ttftMs: 100, tpotMs: null, latencyMs: null } },
]

describe('two scenarios', () => {
  it('are the same work when every field is equal', () => {
    const arrivals = { requestsPerSecond: 10, burstiness: 1 }
    expect(isSameScenario(chat, structuredClone(chat))).toBe(true)
    expect(isSameScenario({ ...chat, arrivals }, { ...chat, arrivals: { ...arrivals } })).toBe(true)
    expect(others.flatMap((one) => Object.keys(one)).toSorted()).toEqual(Object.keys(chat).toSorted())
  })

  it.each(others)('are other work where one has %o, whichever is asked about', (given) => {
    const other = { ...chat, ...given }
    expect(isSameScenario(chat, other)).toBe(false)
    expect(isSameScenario(other, chat)).toBe(false)
    expect(differingFields(chat, other)).toEqual(Object.keys(given))
  })
})

describe('a scenario', () => {
  it('is among others that hold the same work, wherever it stands', () => {
    const [first, last] = [
      { ...chat, outputTokens: 65 },
      { ...chat, requests: 20 },
    ]
    expect(isAmong(chat, [first, structuredClone(chat), last])).toBe(true)
  })

  it('is not among others that only share its name, nor among none', () => {
    expect(isAmong(chat, [{ ...chat, outputTokens: 65 }])).toBe(false)
    expect(isAmong(chat, [])).toBe(false)
  })

  it('has answers that may end early only where it says so', () => {
    expect(mayEndEarly({ ...chat, outputLength: 'at-most' })).toBe(true)
    expect(mayEndEarly({ ...chat, outputLength: 'exact' })).toBe(false)
    expect(mayEndEarly(chat)).toBe(false)
  })
})
