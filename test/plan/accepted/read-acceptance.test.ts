import { describe, expect, test } from 'vitest'
import { readAcceptance } from '../../../src/plan/accepted/index.ts'

const sha = '0123456789abcdef0123456789abcdef01234567'
const scenarios = ['long-prompt', 'short-prompt']
const commit = (...trailers: string[]) => ({ sha, author: 'Ada', message: `Title\n\n${trailers.join('\n')}` })
const fromTrailer = (...trailers: string[]) =>
  readAcceptance({ commits: [commit(...trailers)], labels: [], isFork: false, scenarios })
const fromLabel = (name: string, setBy: string | null = null) =>
  readAcceptance({ commits: [], labels: [{ name, setBy }], isFork: false, scenarios })

describe('a trailer', () => {
  test('names a scenario, a metric and a reason; the report learns which commit said it', () => {
    expect(fromTrailer('LLM-Perf-Accept: long-prompt latency: grammar: it is checked now')).toEqual({
      accepted: [
        {
          scenario: 'long-prompt',
          metric: 'latencyTail',
          reason: 'grammar: it is checked now',
          source: 'commit 0123456789ab by Ada',
        },
      ],
      problems: [],
    })
  })

  test.each([
    ['all latency: x', { scenario: null, metric: 'latencyTail' }],
    ['short-prompt all: x', { scenario: 'short-prompt', metric: null }],
    ['all all: x', { scenario: null, metric: null }],
    ['short-prompt tokens/s: x', { scenario: 'short-prompt', metric: 'tokensPerSecond' }],
    ['short-prompt tokens-per-second: x', { scenario: 'short-prompt', metric: 'tokensPerSecond' }],
    ['short-prompt  Latency : x', { scenario: 'short-prompt', metric: 'latencyTail' }],
  ])('%s', (value, scope) => {
    expect(fromTrailer(`LLM-Perf-Accept: ${value}`)).toMatchObject({
      accepted: [{ ...scope, reason: 'x' }],
      problems: [],
    })
  })

  test('of several lines and commits, each counts', () => {
    const lines = ['LLM-Perf-Accept: long-prompt all: one', 'LLM-Perf-Accept: short-prompt latency: two']
    const commits = [commit(...lines), commit('LLM-Perf-Accept: all tokens/s: three')]
    const { accepted } = readAcceptance({ commits, labels: [], isFork: false, scenarios })
    expect(accepted.map(({ reason }) => reason)).toEqual(['one', 'two', 'three'])
  })

  test.each([
    ['LLM-Perf-Accept: long-promt latency: x', 'no scenario "long-promt"; did you mean "long-prompt"?'],
    ['LLM-Perf-Accept: Long-Prompt latency: x', 'no scenario "Long-Prompt"; did you mean "long-prompt"?'],
    ['LLM-Perf-Accept: zebra latency: x', 'no scenario "zebra" (allowed: all, long-prompt, short-prompt)'],
    ['LLM-Perf-Accept: long-prompt latncy: x', 'no metric "latncy"; did you mean "latency"? (allowed: all, latency,'],
    ['LLM-Perf-Accept: long-prompt ttft: x', 'no metric "ttft"'],
    ['LLM-Perf-Accept: long-prompt latency:', 'it gives no reason'],
    ['LLM-Perf-Accept: long-prompt latency', 'it gives no reason'],
    ['LLM-Perf-Accept: long-prompt: x', 'a scenario and a metric must stand before the reason, got "long-prompt"'],
    ['LLM-Perf-Accept: the long-prompt latency: x', 'a scenario and a metric must stand before the reason'],
    ['LLM-Perf-Accept: all: x', 'a scenario and a metric must stand before the reason, got "all"'],
    ['LLM-Perf-Accept:', 'it gives no reason'],
    ['LLM-Perf-Acept: all all: x', '"LLM-Perf-Acept" is not "LLM-Perf-Accept"'],
    ['Please take it.\nLLM-Perf-Accept: all all: x', 'it stands in the text'],
  ])('%s accepts nothing, and says why and what to write', (line, why) => {
    const { accepted, problems } = fromTrailer(line)
    expect(accepted).toEqual([])
    expect(problems).toEqual([expect.stringContaining(why)])
    expect(problems[0]).toContain('commit 0123456789ab by Ada')
    expect(problems[0]).toContain('"LLM-Perf-Accept: <scenario or all> <latency, tokens/s or all>: <reason>"')
  })

  test('one wrong line does not spoil a right one, nor the other way round', () => {
    const { accepted, problems } = fromTrailer('LLM-Perf-Accept: long-prompt all: x', 'LLM-Perf-Accept: long all: y')
    expect(accepted).toHaveLength(1)
    expect(problems).toHaveLength(1)
  })

  test('of a fork does not count, and says what does', () => {
    const commits = [commit('LLM-Perf-Accept: all all: I like it slow')]
    const { accepted, problems } = readAcceptance({ commits, labels: [], isFork: true, scenarios })
    expect(accepted).toEqual([])
    expect(problems).toEqual([expect.stringMatching(/fork.*label "llm-perf: accept"/)])
  })

  test('cannot bring control characters or endless text into logs and files', () => {
    const author = 'Eve\u001b[31m\n::error::'
    const message = `T\n\nLLM-Perf-Accept: all all: a\u001b[2Jb\u202ec ${'x'.repeat(5_000)}`
    const { accepted } = readAcceptance({ commits: [{ sha, author, message }], labels: [], isFork: false, scenarios })
    expect(accepted[0]?.source).toBe('commit 0123456789ab by Eve [31m ::error::')
    expect(accepted[0]?.reason).toMatch(/^a \[2Jb c x+…$/)
    expect(accepted[0]?.reason).toHaveLength(300)
  })

  test('of a large matrix lists only some of the names, so that the note stays readable', () => {
    const many = Array.from({ length: 40 }, (_, index) => `p${index * 100}-o64-c${index}`)
    const commits = [commit('LLM-Perf-Accept: nothing-like-it all: x')]
    const { problems } = readAcceptance({ commits, labels: [], isFork: false, scenarios: many })
    expect(problems[0]).toMatch(/allowed: all, p0-o64-c0, .*and 33 more/)
    expect(problems[0]?.length).toBeLessThan(400)
  })
})

describe('a label', () => {
  test.each([
    ['llm-perf: accept', { scenario: null, metric: null }],
    ['LLM-Perf: Accept', { scenario: null, metric: null }],
    ['llm-perf: accept long-prompt latency', { scenario: 'long-prompt', metric: 'latencyTail' }],
    ['llm-perf: accept all tokens/s', { scenario: null, metric: 'tokensPerSecond' }],
  ])('%s', (name, scope) => {
    expect(fromLabel(name)).toMatchObject({ accepted: [{ ...scope, source: `label "${name}"` }], problems: [] })
  })

  test('names who set it, where the event tells', () => {
    expect(fromLabel('llm-perf: accept', 'ada').accepted[0]?.source).toBe('label "llm-perf: accept" set by ada')
  })

  test('counts on a fork, since only the team can set it', () => {
    const labels = [{ name: 'llm-perf: accept', setBy: null }]
    expect(readAcceptance({ commits: [], labels, isFork: true, scenarios }).accepted).toHaveLength(1)
  })

  test.each([
    ['llm-perf: acept', 'it is not "llm-perf: accept"'],
    ['llm-perf accept', 'it is not "llm-perf: accept"'],
    ['llmperf: accept', 'it is not "llm-perf: accept"'],
    ['llm-perf: accepted', 'it is not "llm-perf: accept"'],
    ['llm-perf: accept long-promt latency', 'did you mean "long-prompt"?'],
    ['llm-perf: accept long-prompt', 'a scenario and a metric must stand before the reason'],
  ])('%s accepts nothing, and says why and what is allowed', (name, why) => {
    const { accepted, problems } = fromLabel(name)
    expect(accepted).toEqual([])
    expect(problems).toEqual([expect.stringContaining(why)])
    expect(problems[0]).toContain('Allowed: the label "llm-perf: accept"')
  })

  test.each(['bug', 'llm-perf', 'llm-perf: docs', 'performance', 'accept', 'llm-perf-action'])(
    '%s means something else',
    (name) => {
      expect(fromLabel(name)).toEqual({ accepted: [], problems: [] })
    },
  )
})
