import { describe, expect, it } from 'vitest'
import { cellsOf, isSameCell, promisedEffect, singlesOf } from '../../src/judge/cells.ts'
import { defaultPolicy } from '../../src/model/policy.ts'
import { scenario } from './evidence.ts'

describe('cellsOf', () => {
  it('has a cell for each scenario and metric, and one of all scenarios for each metric', () => {
    const cells = cellsOf([scenario('a'), scenario('b', { requests: 300 })], defaultPolicy)
    expect(cells.map(({ metric, scenario, margin, percentile }) => [metric, scenario, margin, percentile])).toEqual([
      ['latencyTail', 'a', 0.1, 90],
      ['latencyTail', 'b', 0.1, 99],
      ['latencyTail', null, 0.05, 90],
      ['tokensPerSecond', 'a', 0.05, 90],
      ['tokensPerSecond', 'b', 0.05, 99],
      ['tokensPerSecond', null, 0.025, 90],
    ])
  })

  it('promises twice the margin, and for a rate never more than half of what the margin leaves', () => {
    expect(promisedEffect('latencyTail', 0.6)).toBeCloseTo(1.2, 12)
    expect(promisedEffect('tokensPerSecond', 0.05)).toBeCloseTo(0.1, 12)
    expect(promisedEffect('tokensPerSecond', 0.6)).toBeCloseTo(0.8, 12)
  })
})

describe('a cell among others', () => {
  const cells = cellsOf([scenario('a'), scenario('b')], defaultPolicy)

  it('is the same by scenario and metric, whatever the rest says', () => {
    for (const cell of cells) {
      const { scenario: of, metric } = cell
      expect(cells.filter((other) => isSameCell(other, { scenario: of, metric }))).toEqual([cell])
    }
    expect(cells.some((cell) => isSameCell(cell, { scenario: '(all scenarios)', metric: 'latencyTail' }))).toBe(false)
  })

  it('has as its peers the single scenarios of its metric, never all of them together', () => {
    const keys = singlesOf(cells, 'tokensPerSecond').map(({ scenario: of, metric }) => [of, metric])
    expect(keys).toEqual([
      ['a', 'tokensPerSecond'],
      ['b', 'tokensPerSecond'],
    ])
    expect(singlesOf(cells, 'ttftTail')).toEqual([])
  })
})
