import { describe, expect, it } from 'vitest'
import { environments } from '../../bench/gate/environments.ts'
import { Simulation } from '../../bench/gate/simulation.ts'
import { anchorScatter } from '../../src/judge/anchor.ts'
import { type Cell, cellsOf } from '../../src/judge/cells.ts'
import { comparableWindow } from '../../src/judge/comparable-window.ts'
import { confirm } from '../../src/judge/confirm.ts'
import { type DesignNoise, detectable } from '../../src/judge/detectable.ts'
import { plannedLooks } from '../../src/judge/looks.ts'
import type { Pair } from '../../src/judge/pairs.ts'
import { defaultPolicy } from '../../src/model/policy.ts'
import { normal } from '../../src/stats/normal.ts'
import { seededRandom } from '../../src/stats/random.ts'
import { measured, scenario, trial } from './evidence.ts'

const [cell, ...rest] = cellsOf([scenario('short')], defaultPolicy) as [Cell, ...Cell[]]
const random = seededRandom(8)
const tokensDeviation = 0.01

const noiseOf = (pairDeviation: number, given: Partial<DesignNoise> = {}): DesignNoise => ({
  pairDeviation,
  priorDegrees: 24,
  family: 2,
  anchor: null,
  screen: null,
  ...given,
})

function effectFor(maxPairs: number, noise: DesignNoise): number {
  const effect = detectable(cell, plannedLooks({ maxPairs }), noise)
  if (effect === null) throw new Error('expected an effect')
  return effect
}

function pairAt(number: number, slow: number): Pair {
  const values = { latencyTail: 100 * Math.exp(slow), tokensPerSecond: 50 * Math.exp(tokensDeviation * normal(random)) }
  const base = measured(40, 1, { latencyTail: 100, tokensPerSecond: 50 })
  return {
    base: trial('base', number, { short: base }),
    head: trial('head', number, { short: measured(40, 1, values) }),
  }
}

/** How often the real judge convicts a slowdown of this size. */
function caught(size: number, maxPairs: number, deviation: number, runs: number): number {
  let count = 0
  for (let run = 0; run < runs; run++) {
    const pairs = Array.from({ length: maxPairs }, (_, number) => pairAt(number, size + deviation * normal(random)))
    const cells = [cell, ...rest]
    const deviations = [deviation, tokensDeviation]
    const priors = new Map(cells.map(({ key }, index) => [key, { value: (deviations[index] ?? 0) ** 2, degrees: 24 }]))
    const decided = confirm({ cells, pairs, priors, anchors: new Map(), policy: { maxPairs }, final: false })
    if (decided.get(cell.key)?.verdict === 'regressed') count++
  }
  return count / runs
}

describe('the minimum detectable effect', () => {
  it.each([
    [8, 0.04],
    [8, 0.1],
    [11, 0.1],
    [14, 0.04],
    [14, 0.12],
  ])('of %s pairs and noise %s is caught by the real judge in 93 to 99 of 100 runs', (maxPairs, deviation) => {
    const rate = caught(effectFor(maxPairs, noiseOf(deviation)), maxPairs, deviation, 500)
    // The rate of 500 runs lies within 2.7 % of the true one in all but a few of a thousand seeds.
    expect(rate).toBeGreaterThan(0.93 - 0.027)
    expect(rate).toBeLessThanOrEqual(0.99)
  })

  it('is not much larger than need be: four fifths of it are often missed', () => {
    expect(caught(0.8 * effectFor(14, noiseOf(0.12)), 14, 0.12, 200)).toBeLessThan(0.9)
  })

  it('is the margin where there is no noise', () => {
    expect(effectFor(18, noiseOf(0))).toBeCloseTo(cell.marginLog, 12)
  })

  it('grows with the noise, and shrinks with more pairs and a smaller family', () => {
    expect(effectFor(14, noiseOf(0.12))).toBeGreaterThan(effectFor(14, noiseOf(0.06)))
    expect(effectFor(8, noiseOf(0.1))).toBeGreaterThan(effectFor(18, noiseOf(0.1)))
    expect(effectFor(14, noiseOf(0.12, { family: 40 }))).toBeGreaterThan(effectFor(14, noiseOf(0.12)))
  })

  it('is unknown where so few pairs are allowed that none can convict', () => {
    expect(detectable(cell, plannedLooks({ maxPairs: 6 }), noiseOf(0.02))).toBeNull()
    expect(detectable(cell, [], noiseOf(0.02))).toBeNull()
  })

  it('must be suspected by the screen first: a screen that sees little makes it larger', () => {
    const screen = { standardError: 0.1, degrees: 8 }
    const screened = effectFor(18, noiseOf(0.02, { screen }))
    expect(screened).toBeGreaterThan(effectFor(18, noiseOf(0.02)))
    // The screen alone: it suspects from (promised - t.9713 x error) on, here below 0, and 1 run of 20 lies t.95 = 1.860
    // standard errors below the truth.
    const t9713 = 2.2
    const byScreen = Math.min(cell.marginLog, cell.promisedLog - t9713 * 0.1) + 1.86 * 0.1
    expect(Math.abs(screened - Math.max(byScreen, effectFor(18, noiseOf(0.02))))).toBeLessThan(0.02)
  })

  it('is the same in each report', () => {
    expect(effectFor(18, noiseOf(0.1))).toBe(effectFor(18, noiseOf(0.1)))
  })
})

describe('a window that anchors scenarios', () => {
  const [, noisy] = environments
  if (!noisy) throw new Error('expected a machine')
  const machine = new Simulation(noisy, 5)
  const window = machine.window()
  const cells = cellsOf(machine.matrix, defaultPolicy)
  const { anchors } = comparableWindow(window, machine.matrix, cells)
  const scatters = cells.flatMap((one) => {
    const anchor = anchors.get(one.key)
    return anchor && one.metric === 'latencyTail' ? [anchorScatter(anchor)] : []
  })
  const average = (values: readonly number[]) => values.reduce((total, value) => total + value, 0) / values.length

  it('tells how a scenario and the others scatter, together and apart, as the machine was made', () => {
    expect(scatters).toHaveLength(noisy.scenarios)
    const { trialSd, scenarioSd, p99Sd, scenarios, walkSd } = noisy
    const each = scenarioSd ** 2 + p99Sd ** 2
    const common = trialSd ** 2 + walkSd ** 2
    expect(average(scatters.map(({ own }) => own))).toBeGreaterThan((common + each) / 2)
    expect(average(scatters.map(({ own }) => own))).toBeLessThan((common + each) * 2)
    expect(average(scatters.map(({ others }) => others))).toBeLessThan(common * 4 + (each / (scenarios - 1)) * 2)
    for (const { own, others, covariance } of scatters) {
      expect(covariance ** 2).toBeLessThanOrEqual(own * others * (1 + 1e-9))
      expect(covariance).toBeLessThan(own / 2)
    }
  })

  it('changes the figure little: it clears earlier, and more surely', () => {
    const [anchor] = scatters
    if (!anchor) throw new Error('expected an anchor')
    const pairDeviation = Math.sqrt(2 * anchor.own)
    const plain = effectFor(18, noiseOf(pairDeviation))
    const anchored = effectFor(18, noiseOf(pairDeviation, { anchor }))
    expect(anchored).toBeGreaterThan(0.8 * plain)
    expect(anchored).toBeLessThan(1.1 * plain)
  })
})
