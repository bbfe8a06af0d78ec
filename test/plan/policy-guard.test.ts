import { describe, expect, test } from 'vitest'
import { defaultPolicy } from '../../src/model/policy.ts'
import { overridesFrom } from '../../src/plan/overrides.ts'
import { guardPolicy, type PolicySources } from '../../src/plan/policy-guard.ts'
import { refusalOf } from './refusal.ts'

const file = (gate: string) => `version: 1\nserver: { command: x }\n${gate}`
const strict = file('gate: { margins: { latency: 5% } }\n')
const loose = file('gate: { margins: { latency: 90% } }\n')

function guard(sources: Partial<PolicySources>) {
  return guardPolicy({
    fileName: 'llm-perf.yml',
    baseText: strict,
    headText: strict,
    overrides: [],
    workflow: 'unchanged',
    ...sources,
  })
}

const refusedWith = (sources: Partial<PolicySources>) => refusalOf(() => guard(sources))

const margin = overridesFrom({ 'margin-latency': '90%' }, (name) => `input \`${name}\``)

describe('the policy of the base branch applies', () => {
  test('without a word when the pull request leaves it alone', () => {
    const { policy, notes } = guard({ headText: `${strict}# a comment\napi: { model: other }\n` })
    expect(policy.margins.latencyTail).toBe(0.05)
    expect(notes).toEqual([])
  })

  test('when the pull request loosens it, and the report says so', () => {
    const { policy, notes } = guard({ headText: loose })
    expect(policy.margins.latencyTail).toBe(0.05)
    expect(notes).toEqual([
      expect.stringContaining("edits the gate's policy in llm-perf.yml; the base branch's policy applies"),
    ])
  })

  test('when the pull request removes its gate section, which means the defaults', () => {
    const { policy, notes } = guard({ headText: file('') })
    expect(policy.margins.latencyTail).toBe(0.05)
    expect(notes).toHaveLength(1)
  })

  test('when the pull request deletes the file', () => {
    const { policy, notes } = guard({ headText: null })
    expect(policy.margins.latencyTail).toBe(0.05)
    expect(notes).toEqual([expect.stringContaining('has no llm-perf.yml')])
  })

  test('when the pull request breaks its own gate section', () => {
    expect(guard({ headText: file('gate: { trials: none }\n') }).notes).toHaveLength(1)
  })

  test('as defaults, when the base file has no gate section', () => {
    expect(guard({ baseText: file(''), headText: loose }).policy).toEqual(defaultPolicy)
  })

  test('even if the rest of the base file is of no use to this version', () => {
    expect(guard({ baseText: 'version: 1\nfuture: 1\ngate: { trials: 4 }\n' }).policy.trials).toBe(4)
  })
})

describe('a base branch without the file', () => {
  test('leaves the pull request its own policy, and the report says so', () => {
    const { policy, notes } = guard({ baseText: null, headText: loose })
    expect(policy.margins.latencyTail).toBe(0.9)
    expect(notes).toEqual([expect.stringContaining('has no llm-perf.yml yet')])
  })

  test('and without a gate in its workflow is where a team begins: its own policy, with a note', () => {
    const { policy, notes } = guard({ baseText: null, headText: loose, workflow: 'new', overrides: margin })
    expect(policy.margins.latencyTail).toBe(0.9)
    expect(notes).toEqual([expect.stringContaining('has no gate yet')])
  })

  test('but with a gate in its workflow, which the pull request points at a file of its own: invalid', () => {
    const error = refusedWith({ baseText: null, headText: loose, workflow: 'edited' })
    expect(error).toMatchObject({ code: 'invalid', message: expect.stringContaining('brings that file') })
  })

  test('and a pull request without it either: defaults', () => {
    expect(guard({ baseText: null, headText: null }).policy).toEqual(defaultPolicy)
  })

  test('refuses a policy that is malformed', () => {
    const error = refusedWith({ baseText: null, headText: file('gate: { trials: none }\n') })
    expect(error).toMatchObject({ code: 'usage', message: expect.stringContaining('gate.trials') })
  })
})

describe('policy by inputs', () => {
  test('counts over the file while the workflow is unchanged', () => {
    const { policy, notes } = guard({ overrides: margin })
    expect(policy.margins.latencyTail).toBe(0.9)
    expect(notes).toEqual([])
  })

  test.each([
    ['a base file', strict],
    ['no base file', null],
  ])('is refused as invalid when the pull request edits the workflow, with %s', (_what, baseText) => {
    const error = refusedWith({ baseText, overrides: margin, workflow: 'edited' })
    expect(error.code).toBe('invalid')
    expect(error.message).toContain('input `margin-latency`')
    expect(error.hint).toContain('gate section of llm-perf.yml')
  })

  test('is not what other inputs are', () => {
    const overrides = overridesFrom({ port: '8000' }, (name) => name)
    expect(guard({ overrides, workflow: 'edited' }).policy.margins.latencyTail).toBe(0.05)
  })
})

test.each([
  ['no YAML', 'gate: ['],
  ['empty', ''],
  ['of another version', 'version: 2\n'],
  ['wrong in its gate section', file('gate: { margins: { latency: 900% } }\n')],
])('a base file that is %s is never replaced by the pull request’s: invalid', (_what, baseText) => {
  const error = refusedWith({ baseText, headText: loose })
  expect(error.code).toBe('invalid')
  expect(error.message).toContain('base branch')
  expect(error.message).toContain('llm-perf.yml')
  expect(error.hint).toContain('on the base branch first')
})
