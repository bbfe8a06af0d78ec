import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ActionError } from '../../src/errors.ts'
import { type RunEvent, readEvent } from '../../src/plan/event.ts'

const folder = mkdtempSync(join(tmpdir(), 'llm-perf-event-'))
afterAll(() => rmSync(folder, { recursive: true }))

const repository = { full_name: 'acme/llm-server', default_branch: 'main' }
const headSha = 'a'.repeat(40)

function environment(eventName: string, ref: string): NodeJS.ProcessEnv {
  return {
    GITHUB_EVENT_NAME: eventName,
    GITHUB_EVENT_PATH: join(folder, 'event.json'),
    GITHUB_REPOSITORY: 'acme/llm-server',
    GITHUB_REF: ref,
    GITHUB_SHA: 'b'.repeat(40),
    GITHUB_RUN_ID: '77',
    GITHUB_RUN_ATTEMPT: '2',
    GITHUB_SERVER_URL: 'https://ghe.example',
    GITHUB_WORKFLOW_REF: 'acme/llm-server/.github/workflows/perf.yml@refs/pull/5/merge',
    GITHUB_WORKSPACE: folder,
    RUNNER_TEMP: folder,
  }
}

function read(env: NodeJS.ProcessEnv, payload: unknown): RunEvent {
  writeFileSync(join(folder, 'event.json'), typeof payload === 'string' ? payload : JSON.stringify(payload))
  return readEvent(env, (path) => readFileSync(path, 'utf8'))
}

function pull(head: object): object {
  return {
    repository,
    pull_request: { number: 5, head: { sha: headSha, ref: 'topic', ...head }, base: { ref: 'main' } },
  }
}

describe('a pull request', () => {
  const env = environment('pull_request', 'refs/pull/5/merge')

  test('of the same repository', () => {
    expect(read(env, pull({ repo: { full_name: 'acme/llm-server' } }))).toEqual({
      kind: 'pull-request',
      eventName: 'pull_request',
      eventPath: join(folder, 'event.json'),
      owner: 'acme',
      repo: 'llm-server',
      ref: 'refs/pull/5/merge',
      sha: 'b'.repeat(40),
      runAttempt: 2,
      runUrl: 'https://ghe.example/acme/llm-server/actions/runs/77',
      docsUrl: null,
      workflowPath: '.github/workflows/perf.yml',
      workspace: folder,
      temp: folder,
      defaultBranch: 'main',
      number: 5,
      headSha,
      headRef: 'topic',
      headRepository: 'acme/llm-server',
      isFork: false,
      baseRef: 'main',
      labels: [],
    })
  })

  test.each([
    ['org/llm-perf-action', 'v1', 'https://ghe.example/org/llm-perf-action/blob/v1/docs'],
    ['org/llm-perf-action', 'feature/x', 'https://ghe.example/org/llm-perf-action/blob/feature/x/docs'],
    ['', '', null],
    ['org/llm-perf-action', '', null],
    ['org/a) [x](http://evil', 'v1', null],
  ])('knows the pages of the action %s at %j', (repository, ref, docsUrl) => {
    const known = { ...env, GITHUB_ACTION_REPOSITORY: repository, GITHUB_ACTION_REF: ref }
    expect(read(known, pull({ repo: null }))).toMatchObject({ docsUrl })
  })

  test.each([
    ['of a fork', { repo: { full_name: 'mallory/llm-server' } }, true],
    ['of a fork that was deleted', { repo: null }, true],
    ['whose head tells no repository', {}, true],
    ['in another case of letters', { repo: { full_name: 'Acme/LLM-server' } }, false],
  ])('%s', (_what, head, isFork) => {
    expect(read(env, pull(head))).toMatchObject({ isFork })
  })

  test('with labels, and who set the one that started the run', () => {
    const payload = pull({ repo: { full_name: 'acme/llm-server' } }) as { pull_request: object }
    const labels = [{ name: 'bug' }, { name: 'llm-perf: accept' }]
    const label = { name: 'llm-perf: accept' }
    const withLabels = { ...payload, pull_request: { ...payload.pull_request, labels }, sender: { login: 'ada' } }
    expect(read(env, { ...withLabels, action: 'synchronize', label })).toMatchObject({
      labels: [
        { name: 'bug', setBy: null },
        { name: 'llm-perf: accept', setBy: null },
      ],
    })
    expect(read(env, { ...withLabels, action: 'labeled', label })).toMatchObject({
      labels: [
        { name: 'bug', setBy: null },
        { name: 'llm-perf: accept', setBy: 'ada' },
      ],
    })
  })

  test('with a head that is no sha is refused', () => {
    expect(() => read(env, pull({ sha: '$(reboot)' }))).toThrow('pull_request.head.sha')
  })
})

test.each([
  ['push', 'refs/heads/main', { kind: 'push', branch: 'main', isDefaultBranch: true }],
  ['push', 'refs/heads/feature/x', { kind: 'push', branch: 'feature/x', isDefaultBranch: false }],
  ['workflow_dispatch', 'refs/heads/main', { kind: 'dispatch', branch: 'main', isDefaultBranch: true }],
  ['schedule', 'refs/heads/main', { kind: 'dispatch', branch: 'main', isDefaultBranch: true }],
])('%s of %s', (name, ref, expected) => {
  expect(read(environment(name, ref), { repository })).toMatchObject(expected)
})

test.each([
  ['the tip before it', 'c'.repeat(40), 'c'.repeat(40)],
  ['no tip where it made the branch', '0'.repeat(40), null],
  ['no tip where the event does not say', undefined, null],
])('a push knows %s', (_what, before, expected) => {
  expect(read(environment('push', 'refs/heads/main'), { repository, before })).toMatchObject({ before: expected })
})

describe('refused with what is supported', () => {
  test.each([
    ['pull_request_target', 'refs/heads/main', 'code of the pull request'],
    ['merge_group', 'refs/heads/x', 'merge group'],
    ['workflow_run', 'refs/heads/main', 'workflow_run'],
    ['issues', 'refs/heads/main', 'issues'],
    ['constructor', 'refs/heads/main', 'constructor'],
    ['push', 'refs/tags/v1', 'refs/tags/v1'],
    ['workflow_dispatch', 'refs/tags/v1', 'refs/tags/v1'],
  ])('%s on %s', (name, ref, expected) => {
    let error: unknown
    try {
      read(environment(name, ref), { repository })
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(ActionError)
    expect(error).toMatchObject({ code: 'usage', hint: expect.stringContaining('Supported events: pull_request') })
    expect((error as ActionError).message).toContain(expected)
  })

  test('a push that deletes its branch', () => {
    expect(() => read(environment('push', 'refs/heads/x'), { repository, deleted: true })).toThrow('was deleted')
  })
})

describe('surroundings that are no runner’s', () => {
  const env = environment('push', 'refs/heads/main')

  test('every variable that is missing is named', () => {
    const { GITHUB_SHA: _sha, ...rest } = env
    expect(() => read({ ...rest, GITHUB_REF: '' }, { repository })).toThrow(/GITHUB_REF, GITHUB_SHA: not set/)
  })

  test('a repository without an owner is named', () => {
    expect(() => read({ ...env, GITHUB_REPOSITORY: 'llm-server' }, { repository })).toThrow('owner/name')
  })

  test('a payload that is no JSON, is missing, or lacks what is needed', () => {
    expect(() => read(env, '{')).toThrow('cannot be read')
    expect(() => read({ ...env, GITHUB_EVENT_PATH: join(folder, 'none.json') }, {})).toThrow('none.json')
    expect(() => read(env, {})).toThrow('repository')
  })

  test('a workflow of another repository, or none, has no path here', () => {
    const foreign = { ...env, GITHUB_WORKFLOW_REF: 'other/repo/.github/workflows/x.yml@refs/heads/main' }
    expect(read(foreign, { repository }).workflowPath).toBeNull()
    expect(read({ ...env, GITHUB_WORKFLOW_REF: undefined }, { repository }).workflowPath).toBeNull()
  })
})
