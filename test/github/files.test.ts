import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ActionError } from '../../src/errors.ts'
import { connectGitHub, type GitHub } from '../../src/github/index.ts'
import { branchTip, mirrorCommit, setBranch } from './fake-github/index.ts'
import { createRepository, remoteOf } from './seeded.ts'
import { useFakeGitHub } from './use-fake-github.ts'

const path = '.github/llm-perf-baseline.json'

const fake = useFakeGitHub()
const { connect, log } = fake
let branch: string
let count = 0
let start: string

beforeAll(async () => {
  const repository = createRepository()
  start = repository.commit('start', { 'ä.txt': 'grüße\n', 'big.txt': `${'x'.repeat(99)}\n`.repeat(15_000) })
  await mirrorCommit(remoteOf(fake), repository.directory, start)
  await setBranch(remoteOf(fake), 'main', start)
  repository.remove()
})
beforeEach(async () => {
  count += 1
  branch = `main-${count}`
  await setBranch(remoteOf(fake), branch, start)
})

/** Adds a line once, as a baseline adds a job: running it twice changes nothing. */
const addLine = (line: string) => (current: string | null) =>
  (current ?? '').split('\n').includes(line) ? (current ?? '') : `${current ?? ''}${line}\n`

const add = (github: GitHub, line: string) =>
  github.updateFile({ branch, path, message: `add ${line}`, update: addLine(line) })

async function failure(promise: Promise<unknown>): Promise<ActionError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error instanceof ActionError) return error
  throw new Error(`not an ActionError: ${String(error)}`)
}

describe('reading a file', () => {
  it('gives its text at a branch and at a commit', async () => {
    expect(await connect().readFile('ä.txt', 'main')).toBe('grüße\n')
    expect(await connect().readFile('ä.txt', start)).toBe('grüße\n')
  })

  it('of more than 1 MB works too', async () => {
    expect((await connect().readFile('big.txt', 'main'))?.length).toBe(1_500_000)
    const asked = (await fake.journal()).at(-1)
    expect(asked?.path).toContain('big.txt')
  })

  it('that is not there gives null', async () => {
    expect(await connect().readFile('nothing.json', 'main')).toBeNull()
  })

  it('at a ref that is not there is an error and not null', async () => {
    const error = await failure(connect().readFile('ä.txt', 'no-such-branch'))
    expect(error).toMatchObject({ code: 'invalid', message: expect.stringContaining('no-such-branch was not found') })
  })

  it('that the token may not see is an error and not null', async () => {
    await fake.faults([{ match: 'GET ', times: 9, status: 404, body: { message: 'Not Found' } }])
    const error = await failure(connect().readFile('ä.txt', 'main'))
    expect(error.hint).toContain('`permissions: contents: read`')
  })

  it('that is a folder is an error', async () => {
    await add(connect(), 'x')
    expect((await failure(connect().readFile('.github', branch))).message).toContain('a folder')
  })

  it('survives a server error, and gives up after three', async () => {
    await fake.faults([{ match: 'GET .*/contents/', times: 2, status: 502, body: '<html>' }])
    expect(await connect().readFile('ä.txt', 'main')).toBe('grüße\n')
    await fake.faults([{ match: 'GET .*/contents/', times: 3, status: 502, body: '<html>' }])
    expect((await failure(connect().readFile('ä.txt', 'main'))).message).toContain('502')
  })

  it('with an unknown token says so and does not print it', async () => {
    const error = await failure(connect('unknown-secret').readFile('ä.txt', 'main'))
    expect(error.hint).toContain('does not know this token')
    expect(`${error.stack}${log}`).not.toContain('unknown-secret')
  })
})

describe('updating a file', () => {
  it('creates it, then changes it, each by one commit on the branch', async () => {
    const first = await add(connect(), 'one')
    expect(first).toEqual({ commit: await branchTip(remoteOf(fake), branch), attempts: 1 })
    const second = await add(connect(), 'two')
    expect(second).toEqual({ commit: await branchTip(remoteOf(fake), branch), attempts: 1 })
    expect(await connect().readFile(path, branch)).toBe('one\ntwo\n')
  })

  it('without a change writes nothing and names the commit that holds it', async () => {
    const { commit } = await add(connect(), 'one')
    expect(await add(connect(), 'one')).toEqual({ commit, attempts: 1 })
    expect(await branchTip(remoteOf(fake), branch)).toBe(commit)
  })

  it('of more than 1 MB keeps every byte', async () => {
    const text = 'ü'.repeat(700_000)
    await connect().updateFile({ branch, path, message: 'big', update: () => text })
    await add(connect(), 'after')
    expect(await connect().readFile(path, branch)).toBe(`${text}after\n`)
  })

  it.each(['exists', 'does not exist yet'])('that %s: four concurrent updates all land', async (state) => {
    if (state === 'exists') await add(connect(), 'start')
    // Whoever writes first is held back until another one has written, so that at least one race is lost.
    await fake.faults([{ match: 'PUT ', holdUntil: 'PUT ' }])
    const names = ['a', 'b', 'c', 'd']
    const results = await Promise.all(names.map((name) => add(connect(), name)))
    const lines = (await connect().readFile(path, branch))?.trim().split('\n') ?? []
    expect(lines.filter((line) => line !== 'start').sort()).toEqual(names)
    expect(new Set(results.map(({ commit }) => commit)).size).toBe(4)
    expect(Math.max(...results.map(({ attempts }) => attempts))).toBeGreaterThan(1)
    expect(log[0]).toContain('changed on')
  })

  it('whose answer is lost is not written twice', async () => {
    await fake.faults([{ match: 'PUT ', reset: true, after: true }])
    const result = await add(connect(), 'one')
    expect(result).toEqual({ commit: await branchTip(remoteOf(fake), branch), attempts: 2 })
    expect(await connect().readFile(path, branch)).toBe('one\n')
    const commits = await fake.api<unknown[]>('GET', `/repos/${fake.owner}/${fake.repo}/commits?sha=${branch}`)
    expect(commits).toHaveLength(2)
  })

  it('gives up after five lost races and says what helps', async () => {
    await fake.faults([{ match: 'PUT ', times: 99, status: 409, body: { message: `${path} does not match 0123` } }])
    const before = (await fake.journal()).length
    const error = await failure(add(connect(), 'one'))
    expect(error.message).toContain('5 tries')
    expect(error.hint).toContain('concurrency')
    expect((await fake.journal()).slice(before).filter(({ method }) => method === 'PUT')).toHaveLength(5)
  })

  it('an update that throws is passed on, and nothing is written', async () => {
    const refuse = () => {
      throw new ActionError('invalid', 'The baseline file is empty.', 'Restore it.')
    }
    expect(await failure(connect().updateFile({ branch, path, message: 'm', update: refuse }))).toMatchObject({
      message: 'The baseline file is empty.',
      hint: 'Restore it.',
    })
    expect(await branchTip(remoteOf(fake), branch)).toBe(start)
  })
})

describe('what stands in the way of an update is named', () => {
  it('a token without the permission', async () => {
    const error = await failure(add(connect(fake.tokens.readOnly), 'one'))
    expect(error.hint).toContain('`permissions: contents: write`')
  })

  it('a branch protected by the rules of the repository, for real', async () => {
    await fake.api('PUT', `/repos/${fake.owner}/${fake.repo}/branches/${branch}/protection`, {
      required_status_checks: null,
      enforce_admins: true,
      required_pull_request_reviews: { required_approving_review_count: 1 },
      restrictions: null,
    })
    const before = (await fake.journal()).length
    const error = await failure(add(connect(), 'one'))
    expect(error.message).toContain('the branch is protected')
    expect(error.hint).toMatch(/unprotected branch.*pull request.*App/)
    expect((await fake.journal()).slice(before).filter(({ method }) => method === 'PUT')).toHaveLength(1)
  })

  it.each([
    [409, 'Repository rule violations found\n\nChanges must be made through a pull request.'],
    [409, 'Could not create file: Required status check "test" is expected.'],
    [403, 'remote: error: GH006: Protected branch update failed for refs/heads/main.'],
    [422, 'remote: error: GH013: Repository rule violations found for refs/heads/main.'],
  ])('%s %s', async (status, message) => {
    await fake.faults([{ match: 'PUT ', times: 9, status, body: { message } }])
    const error = await failure(add(connect(), 'one'))
    expect(error.message).toContain('the branch is protected')
    expect(error.hint).toContain(`does not bypass the protection of ${branch}`)
  })

  it('a branch that does not exist', async () => {
    const update = { branch: 'no-such-branch', path, message: 'm', update: addLine('x') }
    expect((await failure(connect().updateFile(update))).message).toContain('no-such-branch was not found')
  })
})

describe('connecting', () => {
  it.each(['acme', 'a/b/c', '/b', ''])('refuses %j as a repository', (repository) => {
    expect(() => connectGitHub('t', repository, { log: () => {} })).toThrow(/expected owner\/name/)
  })

  it('refuses an empty token', () => {
    expect(() => connectGitHub('', 'a/b', { log: () => {} })).toThrow(/token/)
  })
})
