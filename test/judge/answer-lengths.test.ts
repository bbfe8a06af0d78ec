import { describe, expect, it } from 'vitest'
import { lengthProblems } from '../../src/judge/answer-lengths.ts'
import { decide } from '../../src/judge/index.ts'
import { defaultPolicy } from '../../src/model/policy.ts'
import type { Side } from '../../src/model/trial.ts'
import type { Random } from '../../src/stats/random.ts'
import { input, jitter, type Measure, measured, pairs, quietWindow, scenario } from './evidence.ts'

const free = [scenario('chat', { outputLength: 'at-most' })]
const exact = [scenario('chat')]

/** Answers of so many tokens on each side, at the same time per token: a shorter one takes less time. */
const answering =
  (base: number, head: number, noise = 0.003) =>
  (side: Side, random: Random) => {
    const tokens = (side === 'base' ? base : head) * jitter(random, noise)
    const requestRate = 10 * jitter(random, 0.002)
    const latency = measured(10, (tokens / 100) * jitter(random, 0.01))
    return {
      chat: {
        ...latency,
        values: { ...latency.values, requestRate, tokensPerSecond: requestRate * tokens },
      },
    }
  }
const found = (measure: Measure, count = 3, policy = defaultPolicy) =>
  lengthProblems(free, null, pairs(count, measure), policy)

describe('answers that may end early', () => {
  it.each([
    [100, 100],
    [100, 104],
    [100, 96],
  ])('are compared where they are about as long: %s and %s tokens', (base, head) => {
    expect(found(answering(base, head))).toEqual([])
  })

  it.each([
    [100, 90, '-10 %'],
    [100, 112, '+12 %'],
  ])('are not compared where one side says less: %s and %s tokens', (base, head, change) => {
    const [problem] = found(answering(base, head))
    expect(problem).toMatchObject({ code: 'answer-length', scenario: 'chat' })
    expect(problem?.message).toMatch(new RegExp(`against (99|100)\\.\\d of base \\(\\${change.slice(0, 3)}`))
    expect(problem?.message).toContain('up to 5 % is compared')
  })

  it('are held to a smaller difference by a smaller margin, but to no less than 2 %', () => {
    const margins = { ...defaultPolicy.margins, latencyTail: 0.06 }
    expect(found(answering(100, 104), 6, { ...defaultPolicy, margins })).toHaveLength(1)
    const tiny = { ...defaultPolicy.margins, latencyTail: 0.01 }
    expect(found(answering(100, 101), 6, { ...defaultPolicy, margins: tiny })).toEqual([])
  })

  it('may wander where the model draws lots', () => {
    expect(found(answering(100, 108, 0.15), 6)).toEqual([])
  })

  it('that are forced are not looked at: their length is checked answer by answer', () => {
    expect(lengthProblems(exact, null, pairs(3, answering(100, 50)), defaultPolicy)).toEqual([])
  })

  it('never pass for a slowdown: an open loop makes fewer tokens a second of shorter answers', () => {
    const trials = pairs(18, answering(100, 50))
    expect(decide(input({ scenarios: exact, trials, final: true })).report.conclusion).toBe('regressed')
    const { report } = decide(input({ scenarios: free, trials, final: true }))
    expect(new Set(report.cells.map(({ verdict }) => verdict))).toEqual(new Set(['invalid']))
  })

  it('never pass for a speed-up: half the words in half the time is INVALID', () => {
    const closed: Measure = (side, random) => {
      const { chat } = answering(100, 50)(side, random)
      const faster = side === 'base' ? 1 : 2
      const { requestRate, tokensPerSecond } = chat.values
      const values = { requestRate: (requestRate ?? 0) * faster, tokensPerSecond: (tokensPerSecond ?? 0) * faster }
      return { chat: { ...chat, values: { ...chat.values, ...values } } }
    }
    const trials = pairs(18, closed)
    const { report } = decide(input({ scenarios: free, trials, final: true }))
    expect(report.conclusion).toBe('invalid')
    expect(report.findings).toMatchObject([{ code: 'answer-length' }])
    const forced = decide(input({ scenarios: exact, trials, final: true }))
    expect(forced.report.cells.map(({ verdict }) => verdict)).toContain('improved')
  })

  it('are held against the newest job of the baseline where only head was measured', () => {
    const window = quietWindow(free, answering(100, 100))
    const heads = pairs(2, answering(100, 80)).filter(({ side }) => side === 'head')
    const screen = heads.map((trial) => ({ ...trial, pair: null, stage: 'screen' as const }))
    expect(lengthProblems(free, window, screen, defaultPolicy)).toHaveLength(1)
    const newest = window.jobs.at(-1)
    if (!newest) throw new Error('the window has jobs')
    const since = quietWindow(free, answering(80, 80)).jobs.at(-1)
    const moved = { ...window, jobs: [...window.jobs, { ...newest, trials: since?.trials ?? [] }] }
    expect(lengthProblems(free, moved, screen, defaultPolicy)).toEqual([])
  })
})
