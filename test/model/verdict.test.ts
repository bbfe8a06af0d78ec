import { describe, expect, test } from 'vitest'
import {
  type Conclusion,
  type Verdict,
  verdictsWorstFirst,
  worstConclusion,
  worstVerdict,
} from '../../src/model/verdict.ts'

describe('the worst verdict', () => {
  test.each<readonly [string, readonly Verdict[], Verdict]>([
    ['a proven slowdown, though something broke too', ['unchanged', 'invalid', 'regressed'], 'regressed'],
    ['what broke, though something is missing or open', ['inconclusive', 'missing', 'invalid'], 'invalid'],
    ['what is missing, though something is open', ['new', 'inconclusive', 'missing'], 'missing'],
    ['what is open, though everything else is fine', ['improved', 'inconclusive', 'accepted'], 'inconclusive'],
    ['what is new, though everything else is fine', ['unchanged', 'new', 'improved'], 'new'],
    ['an accepted slowdown, so that it shows', ['unchanged', 'accepted', 'improved'], 'accepted'],
    ['a change, so that it shows', ['unchanged', 'improved', 'unchanged'], 'improved'],
    ['the only one', ['unchanged'], 'unchanged'],
  ])('is %s', (_which, verdicts, worst) => {
    expect(worstVerdict(verdicts)).toBe(worst)
    expect(worstVerdict(verdicts.toReversed())).toBe(worst)
  })

  test('of none is invalid: nothing was judged', () => {
    expect(worstVerdict([])).toBe('invalid')
  })

  test('knows an order of every verdict', () => {
    for (const verdict of verdictsWorstFirst) expect(worstVerdict([verdict, verdict])).toBe(verdict)
    expect(new Set(verdictsWorstFirst).size).toBe(verdictsWorstFirst.length)
  })
})

describe('the worst conclusion', () => {
  test.each<readonly [string, readonly Conclusion[], Conclusion]>([
    ['a proven slowdown, whatever broke', ['pass', 'invalid', 'inconclusive', 'regressed'], 'regressed'],
    ['what broke, whatever is open', ['pass', 'inconclusive', 'invalid'], 'invalid'],
    ['what is open, though the others pass', ['pass', 'inconclusive', 'pass'], 'inconclusive'],
    ['a pass only where all pass', ['pass', 'pass'], 'pass'],
  ])('is %s', (_which, conclusions, worst) => {
    expect(worstConclusion(conclusions)).toBe(worst)
    expect(worstConclusion(conclusions.toReversed())).toBe(worst)
  })

  test('of none is invalid', () => {
    expect(worstConclusion([])).toBe('invalid')
  })
})
