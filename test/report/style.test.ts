import { describe, expect, it } from 'vitest'
import { commentMarker, renderComment, renderFailure, renderTerminal } from '../../src/report/index.ts'
import { codeSpan, escapeMarkdown, fence } from '../../src/report/style.ts'
import { tableOf } from './markdown-table.ts'
import { cell, context, report, unchangedScenario } from './sample.ts'

const marker = commentMarker('default')
const hostile = [
  `${marker} mine`,
  'a | b | c',
  'line one\n| forged | row |\n# heading',
  '@everyone see #12 and GH-34',
  '[click](https://evil.example) ![img](http://evil.example/x.png) www.evil.example',
  '`code` ``` fence ~~~ *bold* __under__ ~~strike~~ $x$',
  '<img src=x onerror=alert(1)></details><script>',
  '\u001B[31mred\u001B[0m \u0007bell \u202Eright to left',
  '::error::forged\r\n::set-output name=x::y',
  '\\| \\` &lt; &#124;',
]

describe('running text from outside', () => {
  it.each(hostile)('stays one line without markup: %j', (text) => {
    const escaped = escapeMarkdown(text)
    expect(escaped).not.toMatch(/[<>\n\r]/)
    // What follows an even number of backslashes is not escaped.
    expect(escaped).not.toMatch(/(?:^|[^\\])(?:\\\\)*[`*_[\]|~]/)
    expect(escaped).not.toMatch(/[@#]\w|:\/\/|www\.|GH-\d/)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these must be gone
    expect(escaped).not.toMatch(/[\u0000-\u001F\u202E]/)
  })

  it.each(['# heading', '- item', '+ item', '1. item', '1) item', '=== '])('cannot start a block: %j', (text) => {
    expect(escapeMarkdown(text)).toContain('\\')
  })

  it('ordinary sentences stay readable', () => {
    const sentence = 'P90 latency was 12.3 ms (+4.2 %), 8 of 8 pairs; see the log.'
    expect(escapeMarkdown(sentence)).toBe(sentence)
  })

  it('is cut at a length, never inside a character', () => {
    const cut = escapeMarkdown('😀'.repeat(1_000))
    expect(cut.length).toBeLessThanOrEqual(400)
    expect(cut).toBe(`${'😀'.repeat((cut.length - 1) / 2)}…`)
  })
})

describe('code spans', () => {
  it.each(hostile)('cannot be left from inside: %j', (text) => {
    expect(codeSpan(text)).toMatch(/^`[^`|\n\r]+`$/)
    expect(codeSpan(text)).not.toContain('<!--')
  })

  it('an empty name shows as a dash', () => {
    expect(codeSpan(' \n')).toBe('-')
  })
})

describe('a fenced block', () => {
  it.each([...hostile, '```\n````\n`````', '```text'])('cannot be closed from inside: %j', (text) => {
    const lines = fence(text).split('\n')
    const marks = lines.at(-1) ?? ''
    expect(marks).toMatch(/^`{3,}$/)
    expect(lines[0]).toBe(`${marks}text`)
    for (const line of lines.slice(1, -1)) expect(line).not.toContain(marks)
  })

  it('keeps the end of a long log', () => {
    const log = Array.from({ length: 10_000 }, (_, index) => `line ${index}`).join('\n')
    const lines = fence(log).split('\n')
    expect(lines.at(-2)).toBe('line 9999')
    expect(lines[1]).toBe('…')
    expect(lines[2]).toMatch(/^line \d+$/)
  })
})

describe('a whole report made of hostile text', () => {
  const texts = hostile.join(' ')
  const poisoned = report({
    conclusion: 'invalid',
    overall: 'invalid',
    cells: hostile.flatMap((text) =>
      unchangedScenario(text).map((own) => cell({ ...own, verdict: 'invalid', reason: text })),
    ),
    notes: hostile,
    findings: hostile.map((text) => ({ code: text, scenario: text, message: `${text}\n${texts}`, hint: text })),
    diagnoses: hostile.map((text) => ({ scenario: text, phase: 'decode' as const, text })),
    part: texts,
    nullControl: { passed: true, text: texts },
  })
  const poisonedContext = {
    ...context,
    plan: texts,
    reproduce: texts,
    runUrl: 'https://x) [y](z',
    clientNote: texts,
    machine: hostile,
  }

  it('has exactly one marker, at its start, and tables of the right width', () => {
    const comment = renderComment(poisoned, poisonedContext)
    expect(comment.split(marker)).toHaveLength(2)
    expect(comment.startsWith(marker)).toBe(true)
    expect(tableOf(comment)).toHaveLength(1 + hostile.length)
    expect(tableOf(comment, 'How each row was decided')).toHaveLength(1 + 2 * hostile.length)
    expect(comment.match(/^<\/?details>/gm)).toEqual(['<details>', '</details>'])
    expect(comment).not.toContain('[y](z')
  })

  it('a failure report too', () => {
    const failure = { code: 'invalid', message: `${texts}\n${hostile.join('\n')}`, hint: texts } as const
    const { comment } = renderFailure(failure, poisonedContext)
    expect(comment.split(marker)).toHaveLength(2)
    expect(comment.split('\n')[1]).toMatch(/^### ⚠️ INVALID: nothing was judged: /)
  })

  it('at a terminal no control character is left', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these must be gone
    expect(renderTerminal(poisoned, poisonedContext)).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u202E]/)
  })
})
