import { describe, expect, it } from 'vitest'
import { parseBaseline, serialiseBaseline } from '../../src/baseline/index.ts'
import { ActionError } from '../../src/errors.ts'
import { file, scenario } from './sample.ts'

/** The error of a text that must be refused. */
function refusal(text: string): ActionError {
  try {
    parseBaseline(text)
  } catch (error) {
    if (error instanceof ActionError) return error
    throw error
  }
  throw new Error('the text was accepted')
}

const window = ['windows', 'rtx-2060-5f3a9c1e']
const trial = [...window, 'jobs', 0, 'trials', 0]
const measured = [...trial, 'scenarios', 'p128-o64-c4']

const slowdown = { scenario: null, metric: null, reason: 'r', source: 's' }
const best = {
  scenario: null,
  metric: 'latencyTail',
  value: 100,
  spread: 0.01,
  degrees: 4,
  commit: 'c'.repeat(40),
  at: '2026-03-01T10:00:00.000Z',
  slower: null,
}

/** A sound file with one value set (undefined: taken away), as text. */
function broken(path: readonly (string | number)[], value: unknown): string {
  const copy: unknown = JSON.parse(serialiseBaseline(file()))
  let at = copy as Record<string | number, unknown>
  for (const key of path.slice(0, -1)) at = at[key] as typeof at
  at[path.at(-1) ?? ''] = value
  return JSON.stringify(copy)
}

describe('a baseline that cannot be trusted is refused, and the message says what and where', () => {
  const sound = serialiseBaseline(file())
  const onlyWindow = file().windows['rtx-2060-5f3a9c1e']
  const metrics = onlyWindow?.jobs[0]?.trials[0]?.scenarios['p128-o64-c4']
  const cases: [what: string, text: string, ...seen: string[]][] = [
    ['an empty file', '', 'empty'],
    ['only white space', ' \n', 'empty'],
    ['a truncated file', sound.slice(0, sound.length / 2), 'cut short'],
    ['something else than JSON', 'windows: {}', 'not JSON'],
    ['merge conflict markers', `<<<<<<< HEAD\n${sound}`, 'merge conflict', '<<<<<<< HEAD'],
    ['JSON without a schema', '{}', 'not a baseline', 'no `schema`'],
    ['a list', '[1, 2]', 'not a baseline'],
    ['null', 'null', 'not a baseline'],
    ['another file of ours', '{"schema":"llm-perf-recording/1"}', 'llm-perf-recording/1'],
    ['no window at all', broken(['windows'], {}), 'windows', 'at least one window'],
    ['an unknown key', broken(['note'], 'by hand'), '"note"'],
    ['another quantile method', broken(['quantileMethod'], 'type-7'), 'quantileMethod', 'type-7'],
    ['a time that is none', broken(['updatedAt'], 'yesterday'), 'updatedAt', 'yesterday'],
    [
      'a window under another id',
      broken(['windows'], { other: onlyWindow }),
      'windows.other.runnerClass.id',
      'rtx-2060',
    ],
    ['a window without jobs', broken([...window, 'jobs'], []), 'windows.rtx-2060-5f3a9c1e.jobs'],
    [
      'a duplicate scenario',
      broken([...window, 'scenarios', 1], scenario),
      'scenarios[1].name',
      'duplicate',
      scenario.name,
    ],
    ['no prompt tokens', broken([...window, 'scenarios', 0, 'promptTokens'], 0), 'scenarios[0].promptTokens', 'saw 0'],
    ['a trial without metrics', broken([...trial, 'scenarios'], {}), 'trials[0].scenarios', 'at least one'],
    [
      'metrics of an unknown scenario',
      broken([...trial, 'scenarios', 'ghost'], metrics),
      'scenarios.ghost',
      'does not define',
    ],
    ['a gated metric missing', broken([...measured, 'values', 'latencyTail'], undefined), 'values.latencyTail'],
    [
      'null for a gated metric',
      broken([...measured, 'values', 'tokensPerSecond'], null),
      'values.tokensPerSecond',
      'saw null',
    ],
    ['a negative latency', broken([...measured, 'values', 'latencyTail'], -1), 'values.latencyTail', 'saw -1'],
    ['a latency of zero', broken([...measured, 'values', 'latencyTail'], 0), 'values.latencyTail', 'saw 0'],
    ['text for a number', broken([...measured, 'values', 'latencyTail'], '100'), 'values.latencyTail', 'saw "100"'],
    ['an infinite latency', sound.replace('"latencyTail": 100', '"latencyTail": 1e999'), 'latencyTail', 'saw Infinity'],
    ['NaN', sound.replace('"latencyTail": 100', '"latencyTail": NaN'), 'not JSON'],
    ['a success rate above 1', broken([...measured, 'successRate'], 1.5), 'successRate', 'saw 1.5'],
    ['percentile 100', broken([...measured, 'percentile'], 100), 'percentile', 'saw 100'],
    ['a short commit', broken([...window, 'jobs', 0, 'commit'], 'abc1234'), 'commit', 'full commit SHA', 'abc1234'],
    [
      'jobs out of order',
      broken([...window, 'jobs', 1], { ...onlyWindow?.jobs[0], at: '2026-02-01T00:00:00.000Z' }),
      'jobs[1].at',
      'order of their time',
      '2026-02-01',
    ],
    [
      'an accepted slowdown without a reason',
      broken([...window, 'jobs', 0, 'accepted'], [{ ...slowdown, reason: '' }]),
      'accepted[0].reason',
    ],
    [
      'one of a metric that does not gate',
      broken([...window, 'jobs', 0, 'accepted'], [{ ...slowdown, metric: 'ttft' }]),
      'accepted[0].metric',
      'ttft',
    ],
    [
      'a change of level by nothing',
      broken([...window, 'jobs', 0, 'shifts'], [{ scenario: null, metric: 'latencyTail', by: null }]),
      'shifts[0].by',
    ],
    ['a best level of zero', broken([...window, 'best'], [{ ...best, value: 0 }]), 'best[0].value', 'saw 0'],
    [
      'one that nobody measured',
      broken([...window, 'best'], [{ ...best, commit: 'main' }]),
      'best[0].commit',
      'full commit SHA',
    ],
    ['a scenario twice in a trial', sound.replace('"p128-o64-c4": {', '"p128-o64-c4": {}, $&'), 'p128-o64-c4', 'twice'],
    ['a scenario called __proto__', sound.replaceAll('"p128-o64-c4"', '"__proto__"'), '__proto__'],
  ]

  it.each(cases)('%s', (_, text, ...seen) => {
    const error = refusal(text)
    expect(error.code).toBe('invalid')
    for (const part of seen) expect(error.message).toContain(part)
    expect(error.hint).toMatch(/calibrate/)
  })

  it('a newer schema asks for an update of the action, not for a new baseline', () => {
    const error = refusal(broken(['schema'], 'llm-perf-baseline/2'))
    expect(error.message).toMatch(/version 2, which is newer than version 1/)
    expect(error.hint).toMatch(/Update llm-perf-action/)
  })

  it('an older schema asks for a new baseline', () => {
    const error = refusal(broken(['schema'], 'llm-perf-baseline/0'))
    expect(error.message).toMatch(/version 0, which is older than version 1/)
    expect(error.hint).toMatch(/calibrate/)
  })

  it('a file broken in many places names a few of them and the number of the others', () => {
    const error = refusal(broken(measured, { values: {}, percentile: 0, requests: 0, successRate: 2, extra: 1 }))
    expect(error.message.split(';').length).toBeLessThanOrEqual(6)
    expect(error.message).toMatch(/and \d more/)
  })
})

describe('a sound baseline is read', () => {
  it('comes back as it was written', () => {
    expect(parseBaseline(serialiseBaseline(file()))).toEqual(file())
  })

  it('one of an older version has no accepted slowdowns, no changes of level and no best levels', () => {
    const copy = JSON.parse(serialiseBaseline(file())) as Record<string, Record<string, Record<string, unknown>>>
    const old = copy.windows?.[window[1] ?? ''] as { best?: unknown; jobs: { accepted?: unknown; shifts?: unknown }[] }
    delete old.best
    for (const job of old.jobs) {
      delete job.accepted
      delete job.shifts
    }
    const text = JSON.stringify(copy)
    expect(text).not.toMatch(/accepted|shifts|best/)
    expect(parseBaseline(text)).toEqual(file())
  })

  it('a shown metric that the writer did not know is null, not a refusal', () => {
    const read = parseBaseline(broken([...measured, 'values', 'ttftMedian'], undefined))
    expect(
      read.windows['rtx-2060-5f3a9c1e']?.jobs[0]?.trials[0]?.scenarios['p128-o64-c4']?.values.ttftMedian,
    ).toBeNull()
  })
})
