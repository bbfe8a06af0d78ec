import { describe, expect, it } from 'vitest'
import { planDesign } from '../../src/judge/index.ts'
import { creepNotes, restartNotes } from '../../src/judge/level-notes.ts'
import type { BestLevel } from '../../src/model/baseline.ts'
import { defaultPolicy } from '../../src/model/policy.ts'
import { scenario } from './evidence.ts'
import { day, jobAt, windowOf } from './windows.ts'

const level = (given: Partial<BestLevel> = {}): BestLevel => ({
  scenario: null,
  metric: 'latencyTail',
  value: 100,
  spread: 0.01,
  degrees: 4,
  commit: 'a'.repeat(40),
  at: day(0),
  slower: { commit: 'b'.repeat(40), at: day(9), by: 0.14 },
  ...given,
})
const jobs = [jobAt(0, { short: 0, long: 1 })]
const scenarios = ['short', 'long'].map((name) => scenario(name))
const notes = (best: readonly BestLevel[], given = scenarios) =>
  creepNotes(windowOf(jobs, { best }), given, defaultPolicy)

describe('a default branch that is already slower', () => {
  it('is told with how much, since when, and that nobody is blamed', () => {
    expect(notes([level()])).toEqual([
      'The default branch is already slower than its best sustained level: P90 latency of all scenarios together by 14 % since bbbbbbbbbbbb (2026-01-10), against that of aaaaaaaaaaaa (2026-01-01). Pull requests are held against the branch as it is now, and are not blamed for that.',
    ])
  })

  it('is one sentence for many cells, all scenarios together first, then the slowest', () => {
    const slower = (by: number) => ({ slower: { commit: 'b'.repeat(40), at: day(9), by } })
    const [note, ...more] = notes([
      level({ scenario: 'short', ...slower(0.2) }),
      level({ scenario: 'long', ...slower(0.5) }),
      level({ ...slower(0.3) }),
      level({ scenario: 'short', metric: 'tokensPerSecond', ...slower(0.25) }),
    ])
    expect(more).toEqual([])
    const order = ['all scenarios together by 30 %', '"long" by 50 %', '"short" by 25 %', 'and 1 more'].map((part) =>
      note?.indexOf(part),
    )
    expect(order).not.toContain(-1)
    expect(order).toEqual(order.toSorted((a, b) => (a ?? 0) - (b ?? 0)))
  })

  it('is not told where it keeps its level, nor of a scenario that is other work now', () => {
    expect(notes([level({ slower: null })])).toEqual([])
    expect(notes([])).toEqual([])
    expect(creepNotes(null, scenarios, defaultPolicy)).toEqual([])
    const changed = [scenario('short', { requests: 31 }), scenario('long')]
    expect(notes([level(), level({ scenario: 'short' })], changed)).toEqual([])
    expect(notes([level({ scenario: 'long' })], changed)).toHaveLength(1)
  })

  it('stands in the plan too', () => {
    const window = windowOf(jobs, { best: [level()] })
    expect(planDesign({ window, scenarios, policy: defaultPolicy }).text).toContain('already slower')
    expect(planDesign({ window: { ...window, best: [] }, scenarios, policy: defaultPolicy }).text).not.toContain(
      'slower than its best',
    )
  })
})

describe('the changes of level in a window', () => {
  it('are told with their job and reason, whether accepted or found', () => {
    const [first, second] = [
      { short: 0, long: 0 },
      { short: 1, long: 0 },
    ]
    const accepted = [{ scenario: null, metric: null, reason: 'safer kernels', source: 'commit 1' }]
    const shifts = [{ scenario: 'short', metric: 'latencyTail', by: 0.3 } as const]
    const window = windowOf([jobAt(0, first), jobAt(1, first, { accepted }), jobAt(2, second, { shifts })])
    expect(restartNotes(window, defaultPolicy)).toEqual([
      'Everything of all scenarios: new level since 000000000000 (2026-01-02), accepted: safer kernels. Earlier jobs only tell the noise within a job.',
      'P90 latency of "short": new level since 000000000000 (2026-01-03), found: 30 % slower. Earlier jobs only tell the noise within a job.',
    ])
  })

  it('keep the mark that their reason ends with', () => {
    const accepted = [{ scenario: null, metric: null, reason: 'safer at last!', source: 'commit 1' }]
    const [note] = restartNotes(windowOf([jobAt(0, { short: 0 }), jobAt(1, { short: 0 }, { accepted })]), defaultPolicy)
    expect(note).toContain('accepted: safer at last! Earlier jobs')
  })

  it('of a scenario that left are not', () => {
    const shifts = [{ scenario: 'gone', metric: 'latencyTail', by: 0.3 } as const]
    expect(restartNotes(windowOf([jobAt(0, { short: 0 }, { shifts })]), defaultPolicy)).toEqual([])
  })
})
