import { describe, expect, it } from 'vitest'
import { type Cell, cellsOf } from '../../src/judge/cells.ts'
import { confirm } from '../../src/judge/confirm.ts'
import type { Pair } from '../../src/judge/pairs.ts'
import { defaultPolicy } from '../../src/model/policy.ts'
import { signFlipMaxT } from '../../src/stats/sign-flip.ts'
import { measured, scenario, trial } from './evidence.ts'

const cells = cellsOf([scenario('a'), scenario('b')], defaultPolicy).filter(
  ({ metric, scenario: name }) => metric === 'latencyTail' && name !== null,
)
const [a, b] = cells as [Cell, Cell]
const prior = { value: 0.02 ** 2, degrees: 16 }
const priors = new Map(cells.map((cell) => [cell.key, prior]))

/** Pairs whose differences in slowness are these; null: not measured. */
const pairsOf = (slowA: readonly number[], slowB: readonly (number | null)[]): Pair[] =>
  slowA.map((value, number) => {
    const at = (slow: number) => measured(40, 1, { latencyTail: 100 * Math.exp(slow) })
    const other = slowB[number] ?? null
    const head = other === null ? { a: at(value) } : { a: at(value), b: at(other) }
    return { base: trial('base', number, { a: at(0), b: at(0) }), head: trial('head', number, head) }
  })

const given = { cells, priors, anchors: new Map(), policy: { maxPairs: 14 }, final: false }
const slow = [0.2, 0.22, 0.18, 0.21, 0.19, 0.23, 0.17, 0.2]
const still = [0.03, -0.02, 0.025, -0.03]

describe('confirm', () => {
  it('lets a cleared cell leave: later pairs need not measure it', () => {
    const decisions = confirm({ ...given, pairs: pairsOf(slow, still) })
    expect(decisions.get(a.key)).toMatchObject({ verdict: 'regressed', look: { pairs: 8 } })
    expect(decisions.get(b.key)).toMatchObject({ verdict: 'unchanged', look: { pairs: 3 }, differences: { length: 3 } })
  })

  it('keeps a cleared cell in the family that the remaining ones are tested in', () => {
    const weak = [0.02, 0.3, 0.15, 0.28, -0.05, 0.12, 0.25, 0.02]
    const decisions = confirm({ ...given, pairs: pairsOf(weak, still) })
    const [alone] = signFlipMaxT([{ differences: weak, prior }]).above
    const [together] = signFlipMaxT([
      { differences: weak, prior },
      { differences: [...still, ...still], prior },
    ]).above
    expect(decisions.get(a.key)?.family).toBe(2)
    expect(decisions.get(a.key)?.pValue).toBe(together)
    expect(together).toBeGreaterThanOrEqual(alone ?? 1)
  })

  it('never calls an open cell anything when a pair that counts lacks it', () => {
    const decisions = confirm({ ...given, pairs: pairsOf(slow, slow.slice(0, 6)) })
    expect(decisions.get(b.key)?.verdict).toBe('invalid')
  })

  it('does not clear what is slower than the margin, however surely it is below the promised effect', () => {
    const between = [0.12, 0.121, 0.119, 0.12]
    const sure = new Map(cells.map((cell) => [cell.key, { value: 1e-6, degrees: 16 }]))
    const decisions = confirm({ ...given, priors: sure, pairs: pairsOf(between, still) })
    expect(decisions.get(a.key)?.verdict).toBeNull()
  })

  it('does not convict below the margin, however certain', () => {
    const small = Array(8).fill(0.05)
    const decisions = confirm({ ...given, policy: { maxPairs: 8 }, pairs: pairsOf(small, still) })
    expect(decisions.get(a.key)?.verdict).toBe('unchanged')
  })

  it('does not let a prior that is too small clear a noisy cell', () => {
    const wild = [0.5, -0.6, 0.7, -0.65]
    const decisions = confirm({ ...given, pairs: pairsOf(wild, still) })
    expect(decisions.get(a.key)?.verdict).toBeNull()
    expect(decisions.get(b.key)?.verdict).toBe('unchanged')
  })

  it('says nothing before the first look', () => {
    expect(confirm({ ...given, pairs: pairsOf(slow.slice(0, 2), still) }).size).toBe(0)
  })
})
