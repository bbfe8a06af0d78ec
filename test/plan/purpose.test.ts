import { describe, expect, test } from 'vitest'
import { ActionError } from '../../src/errors.ts'
import type { RunEvent } from '../../src/plan/event.ts'
import { type Mode, modes } from '../../src/plan/inputs.ts'
import { choosePurpose } from '../../src/plan/purpose.ts'
import { refusalOf } from './refusal.ts'

const run = {
  eventName: 'x',
  eventPath: '/event.json',
  owner: 'acme',
  repo: 'llm-server',
  ref: 'refs/heads/main',
  sha: 'b'.repeat(40),
  runAttempt: 1,
  runUrl: 'https://github.com/acme/llm-server/actions/runs/1',
  docsUrl: null,
  workflowPath: null,
  workspace: '/work',
  temp: '/tmp',
  defaultBranch: 'main',
}
const pull = {
  number: 5,
  headSha: 'a'.repeat(40),
  headRef: 'topic',
  headRepository: 'acme/llm-server',
  baseRef: 'main',
  labels: [],
}

const events: Readonly<Record<string, RunEvent>> = {
  own: { ...run, ...pull, eventName: 'pull_request', kind: 'pull-request', isFork: false },
  fork: { ...run, ...pull, kind: 'pull-request', headRepository: 'mallory/x', isFork: true },
  deletedFork: { ...run, ...pull, kind: 'pull-request', headRepository: null, isFork: true },
  pushMain: { ...run, eventName: 'push', kind: 'push', before: null, branch: 'main', isDefaultBranch: true },
  pushTopic: { ...run, kind: 'push', before: null, branch: 'topic', isDefaultBranch: false },
  handMain: { ...run, kind: 'dispatch', branch: 'main', isDefaultBranch: true },
  handTopic: { ...run, kind: 'dispatch', branch: 'topic', isDefaultBranch: false },
}

/** The whole table: purpose, or null for refused. */
const expected: Readonly<Record<string, readonly (string | null)[]>> = {
  //         auto                  pull-request          baseline           calibrate    plan    merge
  own: ['judge-pull-request', 'judge-pull-request', null, null, 'plan', 'merge'],
  fork: [null, null, null, null, null, null],
  deletedFork: [null, null, null, null, null, null],
  pushMain: ['update-baseline', null, 'update-baseline', 'calibrate', 'plan', null],
  pushTopic: [null, null, null, null, 'plan', null],
  handMain: ['update-baseline', null, 'update-baseline', 'calibrate', 'plan', null],
  handTopic: [null, null, null, null, 'plan', null],
}

function choose(mode: Mode, name: string): string | null {
  try {
    return choosePurpose(mode, events[name] as RunEvent).kind
  } catch (error) {
    expect(error).toBeInstanceOf(ActionError)
    expect(error).toMatchObject({ code: 'usage', hint: expect.stringMatching(/.{20}/) })
    return null
  }
}

test.each(Object.keys(expected))('%s comes to the right purpose in every mode', (name) => {
  expect(modes.map((mode) => choose(mode, name))).toEqual(expected[name])
})

describe('a refusal says why and what to do', () => {
  const errorOf = (mode: Mode, name: string) => refusalOf(() => choosePurpose(mode, events[name] as RunEvent))

  test('for a fork', () => {
    expect(errorOf('auto', 'fork').message).toContain('mallory/x')
    expect(errorOf('auto', 'fork').hint).toContain('head.repo.full_name == github.repository')
    expect(errorOf('auto', 'deletedFork').message).toContain('deleted')
  })

  test('for a branch that makes no baseline', () => {
    expect(errorOf('calibrate', 'handTopic').message).toContain(
      'topic makes no baseline; only the default branch main does',
    )
    expect(errorOf('auto', 'pushTopic').hint).toContain('branches: [main]')
  })

  test('for a mode that does not fit the event', () => {
    expect(errorOf('baseline', 'own').message).toContain(
      'got "baseline", but this run was started by pull_request; allowed on it: auto, pull-request',
    )
    expect(errorOf('merge', 'pushMain').message).toContain('got "merge", but this run was started by push')
    expect(errorOf('pull-request', 'pushMain').message).toContain('allowed on it: auto, baseline, calibrate')
  })
})
