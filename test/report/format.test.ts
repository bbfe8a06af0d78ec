import { describe, expect, it } from 'vitest'
import {
  andMoreRows,
  formatChange,
  formatCost,
  formatPercent,
  formatSigned,
  formatStep,
  formatValue,
  shortSha,
  significant,
} from '../../src/report/format.ts'
import { clip } from '../../src/report/limits.ts'

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number

describe('figures have sensible digits and always a unit', () => {
  it.each([
    [0.012345, 'ms', '0.0123 ms'],
    [4.5678, 'ms', '4.57 ms'],
    [12.345, 'ms', '12.3 ms'],
    [123.45, 'ms', '123 ms'],
    [9999, 'ms', '9999 ms'],
    [14_234, 'ms', '14.2 s'],
    [1234.5, '/s', '1235 /s'],
    [0, '/s', '0 /s'],
    [null, 'ms', '-'],
    [nan, 'ms', '-'],
    [infinity, 'ms', '-'],
  ] as const)('%s %s', (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text)
  })

  it('both values of a step share a unit', () => {
    expect(formatStep(900, 12_000, 'ms')).toBe('0.900 → 12.0 s')
    expect(formatStep(12.34, 22.46, 'ms')).toBe('12.3 → 22.5 ms')
    expect(formatStep(null, 22.46, 'ms')).toBe('- → 22.5 ms')
    expect(formatStep(null, nan, 'ms')).toBe('-')
  })

  it.each([
    [0.82, '+82 %'],
    [0.042, '+4.2 %'],
    [-0.12, '-12 %'],
    [0.0994, '+9.9 %'],
    [0.0996, '+10 %'],
    [12, '+1200 %'],
    [0, '0.0 %'],
    [-0.0001, '0.0 %'],
    [nan, '-'],
    [null, '-'],
  ])('the fraction %s', (fraction, text) => {
    expect(formatSigned(fraction)).toBe(text)
  })

  it('an interval that is not known is not invented', () => {
    expect(formatChange({ estimate: 0.5, low: nan, high: 1 })).toBe('+50 % (interval unknown)')
    expect(formatChange(null)).toBe('-')
    expect(formatPercent(nan)).toBe('-')
  })

  it('tiny and huge values have no exponent', () => {
    expect(significant(0.000012345)).toBe('0.0000123')
    expect(significant(12_345_678)).toBe('12345678')
  })
})

it('a row stands for the others by their number, and for itself without a word', () => {
  expect([1, 2, 3].map(andMoreRows)).toEqual(['', ' (and 1 more row)', ' (and 2 more rows)'])
})

it('a cost that is no number is not invented', () => {
  expect(formatCost(3.44, 6)).toBe('3.4 minutes, 6.0 passes')
  expect(formatCost(nan, nan)).toBe('-, - passes')
})

describe('cutting', () => {
  it('leaves short texts alone and never splits a character', () => {
    expect(clip('abc', 3)).toBe('abc')
    expect(clip('abcd', 3)).toBe('ab…')
    expect(clip('a😀bcd', 3)).toBe('a…')
  })

  it('quotes the first digits of a commit and leaves other words alone', () => {
    expect(shortSha('0123456789abcdef0123456789abcdef01234567')).toBe('0123456789ab')
    expect(shortSha('work tree')).toBe('work tree')
  })
})
