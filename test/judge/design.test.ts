import { describe, expect, it } from 'vitest'
import { planDesign } from '../../src/judge/index.ts'
import { pairOrder } from '../../src/judge/pair-order.ts'
import { defaultPolicy } from '../../src/model/policy.ts'
import { jitter, type Measure, measured, quietWindow, scenario } from './evidence.ts'

const scenarios = [scenario('short'), scenario('long')]
const noise =
  (width: number): Measure =>
  (_side, random) => ({
    short: measured(10 * jitter(random, width), jitter(random, width)),
    long: measured(30 * jitter(random, width), jitter(random, width)),
  })

describe('planDesign', () => {
  it('screens where the runner is quiet, and says what that costs and sees', () => {
    const plan = planDesign({ window: quietWindow(scenarios, noise(0.01)), scenarios, policy: defaultPolicy })
    expect(plan).toMatchObject({ first: 'screen', screenTrials: 2 })
    expect(plan.passes.noOp).toBeGreaterThanOrEqual(2)
    expect(plan.passes.noOp).toBeLessThan(3)
    expect(plan.passes.worst).toBe(2 + 2 * 18)
    // What a quiet runner must see is at least the promised effect, and never less than the margin.
    expect(plan.detectable.latencyTail.one).toBeLessThan(0.2)
    expect(plan.detectable.latencyTail.one).toBeGreaterThan(0.1)
    expect(plan.detectable.tokensPerSecond.all).toBeLessThan(0.05)
    expect(plan.text).toContain('quiet enough')
  })

  it('goes to pairs at once where jobs differ more than the promised effect', () => {
    const window = quietWindow(scenarios, noise(0.01), 9, 0.3)
    const plan = planDesign({ window, scenarios, policy: defaultPolicy })
    expect(plan).toMatchObject({ first: 'pairs', screenTrials: 0 })
    // Three pairs are the first look.
    expect(plan.passes.noOp).toBeGreaterThanOrEqual(6)
    expect(plan.text).toContain('drifts')
  })

  it('spends more head trials on a screen before it gives up', () => {
    const only = [scenario('short')]
    const tail: Measure = (_side, random) => ({
      short: measured(10, 1, { latencyTail: 40 * jitter(random, 0.14), tokensPerSecond: 550 * jitter(random, 0.01) }),
    })
    const window = quietWindow(only, tail, 12, 0.005)
    const plan = planDesign({ window, scenarios: only, policy: defaultPolicy })
    expect(plan.first).toBe('screen')
    expect(plan.screenTrials).toBeGreaterThan(2)
    expect(plan.screenTrials).toBeLessThanOrEqual(6)
  })

  it('tells minutes from the window, and what a budget that ends too early is worth', () => {
    const window = quietWindow(scenarios, noise(0.01), 9, 0.3)
    const rich = planDesign({ window, scenarios, policy: { ...defaultPolicy, budgetMinutes: 1e6 } })
    // The window's own figures: 0.5 s to start, then 30 + 2 requests of each scenario at its rate.
    const trial = window.jobs[0]?.trials[0]
    const rates = scenarios.map(({ name }) => trial?.scenarios[name]?.values.requestRate ?? Number.NaN)
    const seconds = 0.5 + rates.reduce((total, rate) => total + 32 / rate, 0)
    expect((rich.minutesPerPass ?? 0) * 60).toBeGreaterThan(seconds / 2)
    expect((rich.minutesPerPass ?? 0) * 60).toBeLessThan(seconds * 2)
    expect(rich.pairsInBudget).toBe(18)
    expect(rich.text).toMatch(
      /passes of the matrix \((1 minute|\d+ minutes)\); at most 36 passes \((1 minute|\d+ minutes)\)\./,
    )

    const budgetMinutes = 2 * 9.5 * (rich.minutesPerPass ?? 0)
    const poor = planDesign({ window, scenarios, policy: { ...defaultPolicy, budgetMinutes } })
    expect(poor.pairsInBudget).toBe(9)
    expect(poor.text).toContain('ends after 9 of 18 pairs')
    expect(poor.detectable.latencyTail.one).toBeGreaterThan(rich.detectable.latencyTail.one ?? Number.NaN)

    const none = planDesign({ window, scenarios, policy: { ...defaultPolicy, budgetMinutes: budgetMinutes / 3 } })
    expect(none.pairsInBudget).toBeLessThan(8)
    expect(none.detectable.latencyTail.one).toBeNull()
    expect(none.text).toContain('can convict')
  })

  it('counts one minute as one', () => {
    const window = quietWindow(scenarios, noise(0.01), 9, 0.3)
    const plan = planDesign({ window, scenarios, policy: { ...defaultPolicy, budgetMinutes: 1 } })
    expect(plan.pairsInBudget).toBeLessThan(18)
    expect(plan.text).toMatch(/The budget of 1 minute ends after /)
    expect(plan.text).not.toMatch(/\b1 (minutes|pairs)\b/)
  })

  it('knows nothing of cost and effect without a baseline', () => {
    const plan = planDesign({ window: null, scenarios, policy: { ...defaultPolicy, maxPairs: 8 } })
    expect(plan).toMatchObject({ first: 'pairs', passes: { noOp: null, worst: 16 } })
    expect(plan.detectable.latencyTail).toEqual({ one: null, all: null })
    expect(plan.text).toContain('unknown')
  })

  it('sees nothing where so few pairs are allowed that none can convict', () => {
    const policy = { ...defaultPolicy, maxPairs: 6 }
    const plan = planDesign({ window: quietWindow(scenarios, noise(0.01)), scenarios, policy })
    expect(plan.detectable.latencyTail).toEqual({ one: null, all: null })
  })

  it('has nothing to say of all scenarios together when there is one', () => {
    const only = [scenario('short')]
    const window = quietWindow(only, (_, random) => ({
      short: measured(10 * jitter(random, 0.01), jitter(random, 0.01)),
    }))
    const plan = planDesign({ window, scenarios: only, policy: defaultPolicy })
    expect(plan.detectable.latencyTail.all).toBeNull()
    expect(plan.detectable.latencyTail.one).not.toBeNull()
  })
})

describe('pairOrder', () => {
  it('is fixed by seed and pair, and is a fair coin over both', () => {
    expect(pairOrder(5, 3)).toBe(pairOrder(5, 3))
    const baseFirst = Array.from({ length: 4000 }, (_, n) => pairOrder(n % 63, n)).filter(
      (order) => order === 'base-first',
    )
    expect(Math.abs(baseFirst.length - 2000)).toBeLessThan(4 * Math.sqrt(1000))
  })
})
