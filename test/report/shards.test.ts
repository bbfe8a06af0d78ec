import { describe, expect, it } from 'vitest'
import { renderBaselineSummary, renderComment, renderFailure, renderSummary } from '../../src/report/index.ts'
import { job, runnerClass, scenario } from '../baseline/sample.ts'
import { context, report, slowReport } from './sample.ts'

const shard = { index: 2, count: 4 }
const falseAlarms = (text: string) => text.split('\n').find((line) => line.includes('A change without any effect'))

describe('the summary of a shard', () => {
  const summary = renderSummary(slowReport(), { ...context, shard })

  it('says in its heading whose it is', () => {
    expect(summary).toMatch(/^## Shard 2\/4: ❌ Slower: P90 latency of `p384-o8-c1`/)
    expect(renderSummary(report(), { ...context, shard })).toMatch(/^## Shard 2\/4: ✅ No slowdown/)
    expect(renderSummary(report(), { ...context, shard: null })).toMatch(/^## ✅ No slowdown/)
  })

  it('claims no more of false alarms than its part, and what all shards come to', () => {
    expect(falseAlarms(summary)).toContain(
      'fails in at most 1.0 % / 4 of all runs, over all rows and looks together; all 4 shards together in at most 1.0 %.',
    )
    expect(falseAlarms(renderSummary(report(), context))).toContain(
      'fails in at most 1.0 % of all runs, over all rows and looks together. What',
    )
  })

  it('leaves a comment on the whole as it is', () => {
    expect(renderComment(report(), context)).not.toMatch(/shard/i)
  })
})

describe('a shard that never came to a verdict', () => {
  const failure = { code: 'invalid', message: 'The server died.', hint: 'See its log.' } as const

  it('says whose it was, and that the whole is judged elsewhere', () => {
    const { title, summary } = renderFailure(failure, { ...context, shard })
    expect(title).toBe('Shard 2/4: ⚠️ INVALID: nothing was judged: The server died.')
    expect(summary).toMatch(/^### Shard 2\/4: ⚠️ INVALID/)
    expect(summary).toContain('nothing was compared. The job with mode merge gives the verdict on the whole.')
  })

  it('is not mentioned where there is none', () => {
    expect(renderFailure(failure, context).summary).not.toMatch(/shard|merge/i)
  })
})

describe('the summary of a baseline update', () => {
  const of = (window: { shard?: typeof shard }) =>
    renderBaselineSummary({
      window: { runnerClass, ...window, scenarios: [scenario], jobs: [job([100, 110])], best: [] },
      job: job([100, 110]),
      path: '.github/llm-perf-baseline.json',
      branch: 'main',
      commit: 'd'.repeat(40),
      minutes: 3,
      passes: 2,
      notes: [],
      toolVersion: '0.1.0',
      runUrl: null,
    })

  it('names the shard whose window grew', () => {
    expect(of({ shard })).toMatch(/^## Baseline updated: 2 trials of cccccccccccc \(shard 2\/4\)\n/)
    expect(of({ shard })).toContain('The window of this runner (shard 2/4) now holds 1 job')
    expect(of({})).toMatch(/^## Baseline updated: 2 trials of cccccccccccc\n/)
    expect(of({})).toContain('The window of this runner now holds 1 job')
  })
})
