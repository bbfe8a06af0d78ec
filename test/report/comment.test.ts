import { describe, expect, it } from 'vitest'
import { commentMarker, renderComment, renderSummary } from '../../src/report/index.ts'
import { tableOf } from './markdown-table.ts'
import { cell, context, report, slowReport, unchangedScenario } from './sample.ts'

const lines = (text: string) => text.split('\n')

const diagnosisLine = '- `p384-o8-c1`: **prefill**. TTFT carries 9.9 ms of 10.1 ms.'

describe('the comment on a slower pull request', () => {
  const comment = renderComment(slowReport(), context)

  it('starts with the marker of its gate', () => {
    expect(lines(comment)[0]).toBe('<!-- llm-perf-action:default -->')
  })

  it('says in its headline what is slower, by how much, how surely, and in which phase', () => {
    expect(lines(comment)[1]).toBe(
      '### ❌ Slower: P90 latency of `p384-o8-c1` +82 % (95 % interval +70 % to +95 %), prefill',
    )
  })

  it('says next what to do', () => {
    expect(lines(comment)[3]).toMatch(/^Next: TTFT carries 9.9 ms of 10.1 ms\. .*first token/)
  })

  it('says first which part of the matrix it is, where one stands out', () => {
    const part = 'Slower with long prompts (384 tokens): P90 latency +82 %; with short prompts (128 tokens) +1 %.'
    const told = renderComment({ ...slowReport(), part }, context)
    expect(lines(told)[3]).toMatch(/^Slower with long prompts .* \+1 %\. Next: TTFT carries/)
    expect(lines(told).indexOf(`- ${part}`)).toBe(lines(told).indexOf(diagnosisLine) - 1)
    expect(told).toContain(diagnosisLine)
  })

  it('has one table: base, head and change of each gated metric, the worst row first, all scenarios last', () => {
    expect(tableOf(comment)).toEqual([
      [
        'Scenario',
        'P90 latency, base → head',
        'change (95 % interval)',
        'tokens/s, base → head',
        'change (95 % interval)',
        'Verdict',
      ],
      [
        '`p384-o8-c1`',
        '12.3 → 22.5 ms',
        '+82 % (+70 % to +95 %)',
        '118 → 117 /s',
        '-0.8 % (-2.0 % to +0.4 %)',
        '❌ regressed',
      ],
      [
        '`p128-o64-c4`',
        '100 → 101 ms',
        '+1.0 % (-2.0 % to +4.0 %)',
        '118 → 117 /s',
        '-0.8 % (-2.0 % to +0.4 %)',
        '✅ unchanged',
      ],
      [
        'all scenarios',
        '100 → 101 ms',
        '+1.0 % (-2.0 % to +4.0 %)',
        '118 → 117 /s',
        '-0.8 % (-2.0 % to +0.4 %)',
        '✅ unchanged',
      ],
    ])
  })

  it('says why P90 is shown and not P99', () => {
    expect(comment).toMatch(/the highest percentile that .* supports, here P90; P99 needs 299 requests/)
  })

  it('folds how each row was decided, the other metrics, the runner, the cost and how to reproduce it', () => {
    const folded = comment.slice(comment.indexOf('<details>'), comment.indexOf('</details>'))
    expect(tableOf(folded, 'How each row was decided')[1]).toEqual([
      '`p384-o8-c1`',
      'P90 latency',
      '❌ regressed',
      '10 %',
      '8.0 %',
      '8 pairs',
      '0.0039',
      'Slower in all 8 pairs.',
    ])
    expect(tableOf(folded, 'Other metrics')[1]).toEqual([
      '`p384-o8-c1`',
      'median TTFT',
      '5.00 → 15.0 ms',
      '+200 % (+190 % to +210 %)',
    ])
    for (const part of [
      'rtx-2060-5f3a9c1e',
      'driver 550.1',
      '12 minutes, 9.5 passes',
      'base aaaaaaaaaaaa',
      'head 2200 ms',
    ]) {
      expect(folded).toContain(part)
    }
    expect(folded).toContain('```text\nllm-perf compare --base aaaa --head bbbb\n```')
  })

  it('says what it would have caught and how often it is wrong, and links the measured rates', () => {
    const url = 'https://github.com/org/llm-perf-action/blob/v1/docs/error-rates.md'
    const section = comment.split('#### How far this can be believed')[1]?.split('####')[0] ?? ''
    expect(section).toContain('This run would have caught +8.0 % P90 latency in any one scenario')
    expect(section).toContain('in at most 1.0 % of all runs')
    expect(section).toContain(`[error rates](${url})`)
    expect(comment.split('<sub>')[1]).toContain(`[how often it is wrong](${url})`)
    const unknown = renderComment(slowReport(), { ...context, errorRatesUrl: null })
    expect(unknown).toContain('docs/error-rates.md of this action')
    expect(unknown).not.toContain('](null)')
  })

  it('links the run', () => {
    expect(comment).toContain('[this run](https://github.com/acme/llm-server/actions/runs/7)')
  })
})

describe('the other conclusions', () => {
  it('no slowdown: says what the run would have caught', () => {
    const comment = renderComment(report(), context)
    expect(lines(comment)[1]).toBe('### ✅ No slowdown in 1 scenario')
    expect(lines(comment)[3]).toBe(
      'This run would have caught +8.0 % P90 latency in any one scenario, +8.0 % everywhere; -3.0 % tokens/s in any one scenario, -3.0 % everywhere (95 times in 100).',
    )
    expect(comment).not.toMatch(/❌|⚠️|❔/)
  })

  it('the figure of what would have been caught is the one of the weakest scenario', () => {
    const weak = unchangedScenario('weak').map((own) => ({ ...own, mde: 0.3 }))
    const cells = [...weak, ...unchangedScenario('a'), ...unchangedScenario(null)]
    expect(renderComment(report({ cells }), context)).toContain(
      '+30 % P90 latency in any one scenario, +8.0 % everywhere',
    )
  })

  it('all scenarios together are only spoken of where that is known, and where there are several', () => {
    const alone = unchangedScenario('a')
    const blind = unchangedScenario(null).map((own) => ({ ...own, mde: null }))
    for (const cells of [alone, [...alone, ...blind]]) {
      const action = lines(renderComment(report({ cells }), context))[3]
      expect(action).toContain('+8.0 % P90 latency in any one scenario; -3.0 % tokens/s in any one scenario (95')
    }
  })

  it('a figure that is not known for one scenario is claimed for none', () => {
    const blind = unchangedScenario('blind').map((own) => ({ ...own, mde: null }))
    const comment = renderComment(report({ cells: [...blind, ...unchangedScenario('a')] }), context)
    expect(lines(comment)[3]).toBe('The smallest slowdown that this run would have caught is not known.')
  })

  it('faster: names it', () => {
    const faster = cell({ verdict: 'improved', change: { estimate: -0.3, low: -0.4, high: -0.2 } })
    const comment = renderComment(
      report({ overall: 'improved', cells: [faster, ...unchangedScenario(faster.scenario).slice(1)] }),
      context,
    )
    expect(lines(comment)[1]).toBe(
      '### ✅ No slowdown, and faster: P90 latency of `p128-o64-c4` -30 % (95 % interval -40 % to -20 %)',
    )
  })

  it('inconclusive: neither red nor green, with the reason', () => {
    const open = cell({ verdict: 'inconclusive', reason: '6 more pairs would decide it' })
    const comment = renderComment(
      report({
        overall: 'inconclusive',
        conclusion: 'inconclusive',
        cells: [open, ...unchangedScenario(open.scenario).slice(1)],
      }),
      context,
    )
    expect(lines(comment)[1]).toMatch(/^### ❔ Inconclusive: P90 latency of `p128-o64-c4` .* could not be decided$/)
    expect(lines(comment)[3]).toContain('6 more pairs would decide it')
    expect(comment).not.toContain('❌')
  })

  it('inconclusive: says first what would decide the worst row, and below what would decide each', () => {
    const wouldDecide = ['About 11 pairs would decide it.', 'More pairs than a run can have would be needed.']
    const open = cell({ verdict: 'inconclusive', wouldDecide: wouldDecide[0] ?? null })
    const [, tokens] = unchangedScenario(open.scenario)
    const cells = [open, { ...(tokens ?? open), verdict: 'inconclusive' as const, wouldDecide: wouldDecide[1] ?? null }]
    const comment = renderComment(report({ overall: 'inconclusive', conclusion: 'inconclusive', cells }), context)
    expect(lines(comment)[3]).toBe(
      'Neither a slowdown nor its absence could be shown. Next: About 11 pairs would decide it.',
    )
    const section = comment.split('#### What would decide it')[1]?.split('####')[0] ?? ''
    expect(section.trim().split('\n')).toEqual([
      '- `p128-o64-c4`, P90 latency: About 11 pairs would decide it.',
      '- `p128-o64-c4`, tokens/s: More pairs than a run can have would be needed.',
    ])
  })

  it('a decided report has nothing more to decide', () => {
    expect(renderComment(report(), context)).not.toContain('What would decide it')
  })

  it('invalid: never the symbol of "slower", with the finding, its hint and the log of the server', () => {
    const broken = cell({ verdict: 'invalid', base: null, head: null, change: null, decidedBy: 'none', mde: null })
    const finding = {
      code: 'server-died',
      scenario: null,
      message: 'The server died: exit code 1.\nTraceback\n  ValueError',
      hint: 'Read its log.',
    }
    const cells = [broken, cell({ ...broken, metric: 'tokensPerSecond' })]
    const comment = renderComment(
      report({ overall: 'invalid', conclusion: 'invalid', cells, findings: [finding] }),
      context,
    )
    expect(lines(comment)[1]).toBe('### ⚠️ INVALID: nothing was judged: The server died: exit code 1.')
    expect(lines(comment)[3]).toMatch(/^Next: Read its log\. .*says nothing about whether the change is slower/)
    expect(tableOf(comment)[1]).toEqual(['`p128-o64-c4`', '-', '-', '-', '-', '⚠️ INVALID'])
    expect(comment).toContain('```text\nTraceback\n  ValueError\n```')
    expect(comment).not.toMatch(/❌|✅/)
  })

  it('a slowdown beside broken scenarios stays a slowdown, and says that something was not judged', () => {
    const broken = cell({ scenario: 'dead', verdict: 'invalid', base: null, head: null, change: null })
    const comment = renderComment({ ...slowReport(), cells: [...slowReport().cells, broken] }, context)
    expect(lines(comment)[1]).toMatch(/^### ❌ Slower/)
    expect(lines(comment)[3]).toContain('Besides, 2 rows could not be judged (INVALID).')
  })

  it('notes that the reader must know stand above the table', () => {
    const comment = renderComment(report({ notes: ['There is no baseline yet.'] }), context)
    expect(comment.indexOf('- There is no baseline yet.')).toBeGreaterThan(0)
    expect(comment.indexOf('- There is no baseline yet.')).toBeLessThan(comment.indexOf('| Scenario |'))
  })

  it('a failed null control is shown as failed', () => {
    const nullControl = { passed: false, text: 'base differs from base by 12 %' }
    expect(renderComment(report({ nullControl }), context)).toContain(
      'Null control failed: base differs from base by 12 %',
    )
  })

  it('scenarios with different percentiles carry theirs in the cell', () => {
    const cells = [...unchangedScenario('few'), ...unchangedScenario('many').map((own) => ({ ...own, percentile: 99 }))]
    const [head, few, many] = tableOf(renderComment(report({ cells }), context))
    expect(head?.[1]).toBe('P90 latency or P99 latency, base → head')
    expect([few?.[1], many?.[1]]).toEqual(['P90 latency: 100 → 101 ms', 'P99 latency: 100 → 101 ms'])
    expect(few?.[3]).toBe('118 → 117 /s')
  })

  it('P99 needs no explanation', () => {
    const cells = unchangedScenario('many').map((own) => ({ ...own, percentile: 99 }))
    expect(renderComment(report({ cells }), context)).not.toContain('the highest percentile')
  })
})

describe('the marker', () => {
  it('differs between gates and cannot be closed by a name', () => {
    expect(commentMarker('a')).not.toBe(commentMarker('a-b'))
    expect(commentMarker('x --> <b>')).toBe('<!-- llm-perf-action:x%20--%3E%20%3Cb%3E -->')
  })
})

describe('500 scenarios', () => {
  const names = Array.from({ length: 500 }, (_, index) => `p${index}-o64-c4`)
  const reason = 'the upper bound rules out the promised effect, '.repeat(5)
  const cells = [
    cell({ scenario: 'the-worst', verdict: 'regressed' }),
    ...unchangedScenario('the-worst').slice(1),
    ...names.flatMap((name) => unchangedScenario(name).map((own) => ({ ...own, reason }))),
    ...unchangedScenario(null),
  ]
  const huge = report({ overall: 'regressed', conclusion: 'regressed', cells })

  it('fit into a comment by leaving whole rows out, the worst kept, and it says so', () => {
    const comment = renderComment(huge, context)
    expect(comment.length).toBeLessThanOrEqual(60_000)
    const rows = tableOf(comment)
    expect(rows[1]?.[0]).toBe('`the-worst`')
    expect(rows.at(-1)?.[0]).toBe('all scenarios')
    const left = Number(/(\d+) more scenarios did not fit here/.exec(comment)?.[1])
    expect(left + rows.length - 2).toBe(501)
    expect(comment).toContain('summary of the job')
    expect(comment).toContain('llm-perf compare --base aaaa --head bbbb')
  })

  it('stand all in the step summary, which keeps its own limit', () => {
    const summary = renderSummary(huge, context)
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1024 * 1024)
    expect(tableOf(summary)).toHaveLength(1 + 501 + 1)
    expect(summary).not.toContain('did not fit')
  })

  it('with the longest possible texts everywhere still fit', () => {
    const long = '&'.repeat(5_000)
    const findings = names.map((name) => ({ code: long, scenario: name, message: `${long}\n${long}`, hint: long }))
    const worst = {
      ...huge,
      cells: cells.map((own) => ({ ...own, scenario: own.scenario && long + own.scenario, reason: long })),
      notes: Array.from({ length: 100 }, () => long),
      diagnoses: names.map((scenario) => ({ scenario, phase: 'decode' as const, text: long })),
      findings,
    }
    expect(renderComment(worst, { ...context, plan: long, reproduce: long }).length).toBeLessThanOrEqual(60_000)
    expect(Buffer.byteLength(renderSummary(worst, { ...context, plan: long }))).toBeLessThanOrEqual(1024 * 1024)
  })
})
