import { describe, expect, it } from 'vitest'
import { decide } from '../../src/judge/index.ts'
import type { Scenario } from '../../src/model/scenario.ts'
import { input, jitter, measured, pairs, scenario } from './evidence.ts'

/** Milliseconds to the first token and per token, on both sides. */
type Phases = Readonly<Record<string, { base: [number, number]; head: [number, number] }>>

const diagnosesOf = (scenarios: readonly Scenario[], phases: Phases, given = {}) =>
  decide(
    input({
      scenarios,
      trials: pairs(8, (side, random) =>
        Object.fromEntries(
          scenarios.map(({ name }) => {
            const [ttft, tpot] = phases[name]?.[side] ?? [10, 1]
            return [name, measured(ttft * jitter(random, 0.01), tpot * jitter(random, 0.01), given)]
          }),
        ),
      ),
    }),
  ).report.diagnoses

describe('the diagnosis of a change', () => {
  const one = [scenario('s')]

  it.each([
    { phase: 'prefill', head: [80, 4.1] as [number, number] },
    { phase: 'decode', head: [41, 8] as [number, number] },
    { phase: 'prefill and decode', head: [80, 8] as [number, number] },
  ])('names $phase by what carries the change', ({ phase, head }) => {
    const [diagnosis, ...more] = diagnosesOf(one, { s: { base: [40, 4], head } })
    expect(diagnosis).toMatchObject({ scenario: 's', phase })
    expect(more).toEqual([])
  })

  it('gives the figures: 40 + 10 x 4 ms became 80 + 10 x 4 ms', () => {
    const [diagnosis] = diagnosesOf(one, { s: { base: [40, 4], head: [80, 4] } })
    const figure = (pattern: RegExp) => Number(diagnosis?.text.match(pattern)?.[1])
    expect(figure(/Mean latency ([\d.]+) to/)).toBeCloseTo(80, -1)
    expect(figure(/to ([\d.]+) ms/)).toBeCloseTo(120, -1)
    expect(figure(/first token \+([\d.]+) ms/)).toBeCloseTo(40, -1)
  })

  it('speaks of the tokens after the first as many as there are', () => {
    const textFor = (outputTokens: number) => {
      const diagnosed = diagnosesOf([scenario('s', { outputTokens })], { s: { base: [40, 4], head: [80, 4.5] } })
      return diagnosed[0]?.text
    }
    expect(textFor(11)).toMatch(/, the other 10 tokens \+\S+ ms \(\+\S+ ms each\)\.$/)
    expect(textFor(2)).toMatch(/, the other token \+\S+ ms\.$/)
    expect(textFor(1)).toMatch(/time to the first token \+\S+ ms \(\+\S+ %\)\.$/)
  })

  it('counts the tokens that there were, where the model may end its answer early', () => {
    // The evidence holds eleven tokens an answer, whatever was allowed.
    const free = [scenario('s', { outputTokens: 64, outputLength: 'at-most' })]
    const [diagnosis] = diagnosesOf(free, { s: { base: [40, 4], head: [40, 8] } })
    expect(diagnosis?.phase).toBe('decode')
    expect(diagnosis?.text).toMatch(/, the other 10 tokens \+4\d\.\d ms \(\+4\.\d\d ms each\)\.$/)
  })

  it('names an improvement too', () => {
    expect(diagnosesOf(one, { s: { base: [80, 4], head: [30, 4] } })[0]?.phase).toBe('prefill')
  })

  it('does not blame a phase that moved the other way', () => {
    expect(diagnosesOf(one, { s: { base: [40, 4], head: [30, 12] } })[0]?.phase).toBe('decode')
  })

  it('names the queue when a request alone is as fast as before', () => {
    const two = [scenario('alone'), scenario('busy', { concurrency: 8 })]
    const phases: Phases = { alone: { base: [40, 4], head: [40, 4] }, busy: { base: [60, 4], head: [200, 4] } }
    expect(diagnosesOf(two, phases)).toMatchObject([{ scenario: 'busy', phase: 'queue' }])
    const slowAlone: Phases = { ...phases, alone: { base: [40, 4], head: [120, 4] } }
    expect(diagnosesOf(two, slowAlone)).toMatchObject([{ phase: 'prefill' }, { phase: 'prefill' }])
  })

  it('knows no queue for a request alone', () => {
    const two = [scenario('alone'), scenario('other', { outputTokens: 12 })]
    const phases: Phases = { alone: { base: [40, 4], head: [40, 4] }, other: { base: [60, 4], head: [200, 4] } }
    expect(diagnosesOf(two, phases)).toMatchObject([{ scenario: 'other', phase: 'prefill' }])
  })

  it('does not take a much shorter prompt as the proof of a queue', () => {
    const two = [scenario('alone', { promptTokens: 16 }), scenario('busy', { concurrency: 8, promptTokens: 512 })]
    const phases: Phases = { alone: { base: [40, 4], head: [40, 4] }, busy: { base: [60, 4], head: [200, 4] } }
    expect(diagnosesOf(two, phases)).toMatchObject([{ scenario: 'busy', phase: 'prefill' }])
  })

  it('knows no phase without streaming, and says nothing of what did not change', () => {
    const whole = [scenario('s', { streaming: false })]
    const none = { ttftTail: null, ttftMedian: null, tpotMean: null }
    expect(diagnosesOf(whole, { s: { base: [40, 4], head: [90, 4] } }, none)).toEqual([])
    expect(diagnosesOf(one, { s: { base: [40, 4], head: [40, 4] } })).toEqual([])
  })
})
