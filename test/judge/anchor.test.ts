import { describe, expect, it } from 'vitest'
import { type Anchor, anchoredEffect, anchoredNoise, windowAnchors } from '../../src/judge/anchor.ts'
import { cellsOf } from '../../src/judge/cells.ts'
import { comparableWindow } from '../../src/judge/comparable-window.ts'
import { type Effect, effectOf } from '../../src/judge/effect.ts'
import { type Pair, pairDifferences, present } from '../../src/judge/pairs.ts'
import type { BaselineWindow } from '../../src/model/baseline.ts'
import { defaultPolicy } from '../../src/model/policy.ts'
import type { Side, TrialEvidence } from '../../src/model/trial.ts'
import { unknownVariance } from '../../src/stats/moderated-variance.ts'
import { normal } from '../../src/stats/normal.ts'
import { type Random, seededRandom } from '../../src/stats/random.ts'
import { measured, scenario, trial } from './evidence.ts'

const names = ['a', 'b', 'c', 'd']
const cells = cellsOf(
  names.map((name) => scenario(name)),
  defaultPolicy,
)
const cell = cells.find(({ key }) => key === 'latencyTail a')
if (!cell) throw new Error('expected a cell')

/** Latencies of a trial: what the whole machine does, and noise of each scenario. */
function scenariosAt(random: Random, machine: number, slower: Readonly<Record<string, number>> = {}, noise = 0.05) {
  return Object.fromEntries(
    names.map((name) => {
      const slow = machine + (slower[name] ?? 0) + noise * normal(random)
      return [name, measured(40, 1, { latencyTail: 100 * Math.exp(slow) })]
    }),
  )
}

/** Jobs whose machine drifts by 20 % from one to the next. */
function windowOf(random: Random, { jobs = 8, shift = 0 } = {}): BaselineWindow {
  return {
    runnerClass: { id: 'r', os: 'linux', arch: 'x64', cpu: 'c', cores: 2, memoryGiB: 8, gpu: null },
    scenarios: names.map((name) => scenario(name)),
    jobs: Array.from({ length: jobs }, (_, job) => {
      const machine = 0.2 * normal(random)
      return {
        commit: `${job}`,
        at: '2026-01-01T00:00:00Z',
        kind: 'push' as const,
        runUrl: null,
        accepted: [],
        shifts: [],
        trials: Array.from({ length: 4 }, (_unused, n) => ({
          id: `${n}`,
          startedAt: '2026-01-01T00:00:00Z',
          startupMs: 1,
          scenarios: scenariosAt(random, machine, { a: shift }),
        })),
      }
    }),
    best: [],
  }
}

function pairsOf(random: Random, count: number, slower: Readonly<Record<string, number>>): Pair[] {
  const machine = 0.2 * normal(random)
  const side = (which: Side, number: number) =>
    trial(which, number, scenariosAt(random, machine, which === 'head' ? slower : {}))
  return Array.from({ length: count }, (_, number) => ({ base: side('base', number), head: side('head', number) }))
}

function effectsOf(anchor: Anchor | undefined, pairs: readonly Pair[]): { plain: Effect; anchored: Effect | null } {
  const differences = present(pairDifferences(pairs, 'latencyTail', ['a']))
  const plain = effectOf(differences, unknownVariance)
  if (!anchor || !plain) throw new Error('expected an anchor and an effect')
  return { plain, anchored: anchoredEffect(anchor, pairs, differences, plain) }
}

describe('anchoredEffect', () => {
  it.each([
    ['nothing changed', {}],
    ['one scenario is 20 % slower', { a: Math.log(1.2) }],
    ['all scenarios are 20 % slower', Object.fromEntries(names.map((name) => [name, Math.log(1.2)]))],
  ])('finds the true effect without bias, and its error is as large as it says: %s', (_, slower) => {
    const random = seededRandom(11)
    const truth = (slower as { a?: number }).a ?? 0
    const runs = 300
    const scores: number[] = []
    const errors: number[] = []
    for (let run = 0; run < runs; run++) {
      const anchor = windowAnchors(windowOf(random), cells).get(cell.key)
      const { anchored } = effectsOf(anchor, pairsOf(random, 4, slower))
      if (!anchored) continue
      errors.push(anchored.estimate - truth)
      scores.push((anchored.estimate - truth) / anchored.standardError)
    }
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
    // A base that looks inconsistent is set aside about once in a hundred times.
    expect(scores.length).toBeGreaterThan(0.95 * runs)
    expect(Math.abs(mean(errors))).toBeLessThan((3.5 * 0.05) / Math.sqrt(4 * runs))
    // Mean square of a t with some 30 degrees of freedom: 1.07; its standard error over 300 runs is below 0.1.
    expect(Math.abs(mean(scores.map((score) => score ** 2)) - 1.07)).toBeLessThan(0.35)
  })

  it('knows more than the pairs alone, although the machine drifts by 20 % between jobs', () => {
    const random = seededRandom(3)
    const variances = Array.from({ length: 100 }, () => {
      const anchor = windowAnchors(windowOf(random), cells).get(cell.key)
      return anchor ? anchoredNoise(anchor, 4).value : Number.NaN
    })
    const mean = variances.reduce((a, b) => a + b, 0) / variances.length
    // Pairs alone: the noise of two trials. With the window: head's own, and a base that rests on many trials.
    expect(mean).toBeLessThan(0.9 * ((2 * 0.05 ** 2) / 4))
    expect(mean).toBeGreaterThan(0.05 ** 2 / 4)
  })

  it('lets pairs that measured this scenario alone join by their plain difference', () => {
    const random = seededRandom(4)
    const anchor = windowAnchors(windowOf(random), cells).get(cell.key)
    const pairs = pairsOf(random, 8, {})
    const only = (one: TrialEvidence): TrialEvidence => ({
      ...one,
      scenarios: { a: one.scenarios.a ?? measured(1, 1) },
    })
    const later = pairs.slice(4).map(({ base, head }) => ({ base: only(base), head: only(head) }))
    const { anchored } = effectsOf(anchor, [...pairs.slice(0, 4), ...later])
    const { anchored: early } = effectsOf(anchor, pairs.slice(0, 4))
    if (!anchored || !early) throw new Error('expected effects')
    expect(anchored.standardError).toBeLessThan(early.standardError)
    expect(anchored.standardError).toBeGreaterThan(early.standardError / 2)
  })

  it('is silent when the base of today is not the one that the window knows', () => {
    const random = seededRandom(5)
    const anchor = windowAnchors(windowOf(random, { shift: -0.3 }), cells).get(cell.key)
    expect(effectsOf(anchor, pairsOf(random, 4, {})).anchored).toBeNull()
  })

  it('is silent with one pair, and with a pair that lacks another scenario or has a finding', () => {
    const random = seededRandom(6)
    const anchor = windowAnchors(windowOf(random), cells).get(cell.key)
    expect(effectsOf(anchor, pairsOf(random, 2, {})).anchored).not.toBeNull()
    const differences = [0.01]
    const plain = { estimate: 0.01, standardError: 0.01, degrees: 1 }
    if (!anchor) throw new Error('expected an anchor')
    expect(anchoredEffect(anchor, pairsOf(random, 1, {}), differences, plain)).toBeNull()
    const broken = pairsOf(random, 2, {}).map(({ base, head }) => ({
      base,
      head: { ...head, findings: [{ code: 'failures', scenario: 'b', message: '', hint: '' }] },
    }))
    expect(effectsOf(anchor, broken).anchored).toBeNull()
  })
})

describe('windowAnchors', () => {
  it('has none without a window, with few jobs, and for all scenarios together', () => {
    const random = seededRandom(7)
    expect(
      comparableWindow(
        null,
        names.map((name) => scenario(name)),
        cells,
      ).anchors.size,
    ).toBe(0)
    expect(windowAnchors(windowOf(random, { jobs: 2 }), cells).size).toBe(0)
    const anchors = windowAnchors(windowOf(random), cells)
    expect(anchors.has('latencyTail (all scenarios)')).toBe(false)
    expect(anchors.get('latencyTail a')?.others).toEqual(['b', 'c', 'd'])
  })

  it('has none in a matrix of one scenario: there is nothing to stand to', () => {
    const alone = cellsOf([scenario('a')], defaultPolicy)
    expect(windowAnchors(windowOf(seededRandom(8)), alone).size).toBe(0)
  })
})
