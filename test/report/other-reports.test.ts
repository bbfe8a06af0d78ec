import { describe, expect, it } from 'vitest'
import { renderBaselineSummary, renderFailure, renderTerminal } from '../../src/report/index.ts'
import { job, runnerClass, scenario } from '../baseline/sample.ts'
import { tableOf } from './markdown-table.ts'
import { cell, context, report, slowReport, unchangedScenario } from './sample.ts'

describe('the report of a run that never came to a verdict', () => {
  const message = 'The server died before it was ready: exit code 137.\nLoading weights\n``` out of memory'

  it('is INVALID, says what to do, and shows the end of the log where it cannot break out', () => {
    const failure = { code: 'invalid', message, hint: 'Give it more memory.' } as const
    const { comment, summary, title: plain } = renderFailure(failure, context)
    expect(plain).toBe('⚠️ INVALID: nothing was judged: The server died before it was ready: exit code 137.')
    const [marker, title, , next] = comment.split('\n')
    expect(marker).toBe('<!-- llm-perf-action:default -->')
    expect(title).toBe('### ⚠️ INVALID: nothing was judged: The server died before it was ready: exit code 137.')
    expect(next).toBe('Next: Give it more memory.')
    expect(comment).toContain('````text\nLoading weights\n``` out of memory\n````')
    expect(comment).toContain('says nothing about whether the change is slower')
    expect(comment).not.toMatch(/❌|✅/)
    expect(comment).toBe(`${marker}\n${summary}`)
  })

  it('names a wrong configuration and a cancelled run as such', () => {
    const bare = { ...context, headCommit: null, reproduce: null, runUrl: null }
    expect(renderFailure({ code: 'usage', message: 'm', hint: 'h' }, bare).summary).toMatch(
      /^### ⚠️ INVALID.*configuration is wrong: m\n/,
    )
    expect(renderFailure({ code: 'cancelled', message: 'm', hint: 'h' }, bare).summary).toMatch(
      /^### ⏹️ CANCELLED: nothing was judged: m\n/,
    )
    expect(renderFailure({ code: 'cancelled', message: 'm', hint: 'h' }, bare).summary).not.toMatch(
      /<details>|terminal|this run/,
    )
  })
})

describe('the terminal', () => {
  const text = renderTerminal(slowReport(), context)
  const lines = text.split('\n')

  it('starts with the headline, without markdown', () => {
    expect(lines[0]).toBe('❌ Slower: P90 latency of p384-o8-c1 +82 % (95 % interval +70 % to +95 %), prefill')
    expect(text).not.toMatch(/[`|]|<details>|\*\*/)
  })

  it('has a table whose columns stand under their heads', () => {
    const head = lines.findIndex((line) => line.startsWith('scenario '))
    const columns = ['P90 latency', 'tokens/s', 'verdict'].map((label) => lines[head]?.indexOf(label) ?? -1)
    const rows = lines.slice(head + 1, head + 4)
    expect(rows.map((row) => columns.map((column) => row.slice(column).split('  ')[0]))).toEqual([
      ['12.3 → 22.5 ms', '118 → 117 /s', '❌ regressed'],
      ['100 → 101 ms', '118 → 117 /s', '✅ unchanged'],
      ['100 → 101 ms', '118 → 117 /s', '✅ unchanged'],
    ])
  })

  it('says which part of the matrix it is, and which phase', () => {
    const part = 'Slower with long prompts (384 tokens): P90 latency +82 %; with short prompts (128 tokens) +1 %.'
    const told = renderTerminal({ ...slowReport(), part }, context).split('\n')
    expect(told[1]).toMatch(/^Slower with long prompts \(384 tokens\): .* Next: /)
    expect(told).toContain(part)
    expect(told[told.indexOf(part) + 1]).toBe('p384-o8-c1: prefill. TTFT carries 9.9 ms of 10.1 ms.')
  })

  it('gives the reason of each row that is not fine, the findings, and the command', () => {
    expect(text).toContain('p384-o8-c1, P90 latency: regressed. Slower in all 8 pairs')
    expect(text).toContain('Reproduce: llm-perf compare --base aaaa --head bbbb')
    const finding = { code: 'gpu-throttled', scenario: null, message: 'The GPU was too hot.', hint: 'Cool it.' }
    expect(renderTerminal(report({ findings: [finding] }))).toContain(
      'Finding gpu-throttled, all scenarios: The GPU was too hot. Cool it.',
    )
  })

  it('needs no context', () => {
    const bare = renderTerminal(report({ cells: [cell(), ...unchangedScenario('p128-o64-c4').slice(1)] }))
    expect(bare).toMatch(/^✅ No slowdown in 1 scenario\n/)
    expect(bare).not.toMatch(/undefined|NaN|Reproduce|Cost/)
  })
})

describe('the summary of a baseline update', () => {
  const summary = {
    window: { runnerClass, scenarios: [scenario], jobs: [job([90]), job([100, 110, 120])], best: [] },
    job: job([100, 110, 120]),
    path: '.github/llm-perf-baseline.json',
    branch: 'main',
    commit: 'd'.repeat(40),
    minutes: 3,
    passes: 3,
    notes: ['The first window of this runner.'],
    toolVersion: '0.1.0',
    runUrl: null,
  }

  it('says what entered where, and how much the window holds', () => {
    const text = renderBaselineSummary(summary)
    expect(text).toMatch(/^## Baseline updated: 3 trials of cccccccccccc\n/)
    expect(text).toContain('entered .github/llm-perf-baseline.json on main with commit dddddddddddd')
    expect(text).toContain('now holds 2 jobs with 4 trials')
    expect(text).toContain('- The first window of this runner.')
  })

  it('shows the noise within the job and between jobs as standard deviation over mean', () => {
    // Within: mean 110, sd 10 (n - 1), so 9.1 %. Between the means 90 and 110: mean 100, sd 14.1, so 14 %.
    expect(tableOf(renderBaselineSummary(summary))[1]).toEqual([
      '`p128-o64-c4`',
      'P90 latency',
      '110 ms',
      '9.1 %',
      '14 %',
    ])
  })

  it('does not count a change of level as noise between jobs', () => {
    const shifts = [{ scenario: scenario.name, metric: 'latencyTail', by: 1 } as const]
    const jobs = [job([45]), job([90], { shifts }), job([100, 110, 120])]
    const text = renderBaselineSummary({ ...summary, window: { ...summary.window, jobs } })
    expect(tableOf(text)[1]?.at(-1)).toBe('14 %')
  })

  it('has no noise to show for a single trial', () => {
    const single = { ...summary, window: { ...summary.window, jobs: [job([90])] }, job: job([90]) }
    expect(tableOf(renderBaselineSummary(single))[1]?.slice(2)).toEqual(['90.0 ms', '-', '-'])
  })

  it('a file that was not written is not called updated', () => {
    const text = renderBaselineSummary({ ...summary, commit: null })
    expect(text).toMatch(/^## Baseline not written/)
    expect(text).not.toContain('updated')
  })
})
