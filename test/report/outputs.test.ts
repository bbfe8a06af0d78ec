import { describe, expect, it } from 'vitest'
import { renderComment, renderSummary, renderTerminal } from '../../src/report/index.ts'
import { cell, context, report, unchangedScenario } from './sample.ts'

const changedText =
  'The outputs changed: 1 of 3 greedy answers differs from the base side\'s, e.g. "Paris" became "|<b>@all".'
const changed = { kind: 'changed', compared: 3, changed: 1, text: changedText } as const
const same = { kind: 'same', compared: 3, changed: 0, text: 'The outputs are the same.' } as const
const unsteady = {
  kind: 'not-deterministic',
  compared: 3,
  changed: 0,
  text: 'Outputs are not deterministic here.',
} as const
const faster = [
  cell({ verdict: 'improved', change: { estimate: -0.4, low: -0.5, high: -0.3 } }),
  ...unchangedScenario('p128-o64-c4').slice(1),
  ...unchangedScenario(null),
]

describe('outputs that changed', () => {
  const slower = report({ outputs: changed, notes: [changedText] })

  it.for([renderComment, renderSummary])('stand among the notes above the table, as text only', (render) => {
    const text = render(slower, context)
    const note = text.split('\n').find((line) => line.startsWith('- The outputs changed')) ?? ''
    expect(text.indexOf(note)).toBeLessThan(text.indexOf('| Scenario |'))
    expect(note).toContain('"Paris" became')
    expect(note).not.toMatch(/<b>|@all/)
    expect(text.split('The outputs changed')).toHaveLength(2)
  })

  it('stand at the terminal', () => {
    expect(renderTerminal(slower)).toContain(`Note: ${changedText}`)
  })

  it('stand in the headline of a speed-up, and of nothing else', () => {
    const speedUp = report({ cells: faster, overall: 'improved', outputs: changed })
    expect(renderTerminal(speedUp).split('\n')[0]).toMatch(/No slowdown, and faster: .*, but the outputs changed$/)
    expect(renderTerminal(slower).split('\n')[0]).not.toContain('outputs')
    expect(renderTerminal(report({ cells: faster, overall: 'improved', outputs: same }))).not.toContain(
      'but the outputs',
    )
  })
})

describe('outputs that need no attention', () => {
  it.for([same, unsteady])('$kind stands in the folded part and at the terminal only', (outputs) => {
    const comment = renderComment(report({ outputs }), context)
    expect(comment.indexOf(outputs.text)).toBeGreaterThan(comment.indexOf('<details>'))
    expect(renderTerminal(report({ outputs }))).toContain(outputs.text)
  })

  it('are not mentioned where there is no telling', () => {
    expect(renderComment(report(), context)).not.toMatch(/outputs (are|changed)/i)
    expect(renderTerminal(report())).not.toMatch(/outputs (are|changed)/i)
  })
})
