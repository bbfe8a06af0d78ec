import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findMergeBase, headCommit } from '../../src/server/index.ts'
import { commit, git, makeOrigin } from './repository.ts'

const { signal } = new AbortController()
const origin = makeOrigin(120)
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'llm-perf-clones-'))
})
afterAll(() => {
  origin.remove()
  rmSync(folder, { recursive: true, force: true })
})

/** A clone as actions/checkout makes it: over a transport, since a local path ignores the depth. */
function clone(name: string, ...args: string[]): string {
  git(folder, 'clone', '--quiet', ...args, pathToFileURL(origin.folder).href, name)
  return join(folder, name)
}

test('the fork point is found in a full clone, not the tip of the base branch', async () => {
  const repository = clone('full', '--branch', 'change')
  expect(await findMergeBase({ repository, baseRef: 'main', signal })).toBe(origin.fork)
  expect(await headCommit(repository)).toBe(git(origin.folder, 'rev-parse', 'change'))
})

test('a base that is given as a commit is found too', async () => {
  const repository = clone('by-sha', '--branch', 'change')
  const baseRef = git(origin.folder, 'rev-parse', 'main')
  expect(await findMergeBase({ repository, baseRef, signal })).toBe(origin.fork)
})

test('a clone that has only the branch of the change gets the base branch', async () => {
  const repository = clone('single', '--branch', 'change', '--single-branch')
  expect(await findMergeBase({ repository, baseRef: 'main', signal })).toBe(origin.fork)
})

test('a clone that an earlier job left behind does not compare with an old tip of the base branch', async () => {
  const repository = clone('persistent', '--branch', 'change')
  git(repository, 'update-ref', 'refs/remotes/origin/main', `${origin.fork}~20`)
  expect(await findMergeBase({ repository, baseRef: 'main', signal })).toBe(origin.fork)
})

test('a full clone that cannot fetch does with what it knows', async () => {
  const repository = clone('offline', '--branch', 'change')
  git(repository, 'remote', 'set-url', 'origin', pathToFileURL(join(folder, 'gone')).href)
  expect(await findMergeBase({ repository, baseRef: 'main', signal })).toBe(origin.fork)
})

test('a repository without an origin knows its own branches', async () => {
  expect(await findMergeBase({ repository: origin.folder, baseRef: 'change', signal })).toBe(origin.fork)
})

test('a shallow clone is deepened until the fork point is there, and no further than needed', async () => {
  const repository = clone('shallow', '--branch', 'change', '--depth', '1')
  expect(await findMergeBase({ repository, baseRef: 'main', signal })).toBe(origin.fork)
  expect(git(repository, 'rev-parse', '--is-shallow-repository')).toBe('true')
})

test('a detached shallow checkout of a merge commit, as a pull request job has it', async () => {
  git(origin.folder, 'checkout', '--quiet', '--detach', 'main')
  git(origin.folder, 'merge', '--quiet', '--no-ff', '--message', 'merge', 'change')
  git(origin.folder, 'update-ref', 'refs/pull/7/merge', 'HEAD')
  git(origin.folder, 'checkout', '--quiet', 'main')
  const baseTip = git(origin.folder, 'rev-parse', 'main')
  const repository = join(folder, 'merge-ref')
  mkdirSync(repository)
  git(repository, 'init', '--quiet')
  git(repository, 'remote', 'add', 'origin', pathToFileURL(origin.folder).href)
  git(repository, 'fetch', '--quiet', '--depth=1', 'origin', '+refs/pull/7/merge:refs/remotes/pull/7/merge')
  git(repository, 'checkout', '--quiet', '--force', 'refs/remotes/pull/7/merge')
  expect(await findMergeBase({ repository, baseRef: 'main', signal })).toBe(baseTip)
})

test('a fork point beyond every step is reached by fetching everything', async () => {
  const far = makeOrigin(1, 1200)
  git(folder, 'clone', '--quiet', '--depth', '1', '--branch', 'change', pathToFileURL(far.folder).href, 'far')
  const repository = join(folder, 'far')
  expect(await findMergeBase({ repository, baseRef: 'main', signal })).toBe(far.fork)
  far.remove()
})

test('a shallow clone whose head exists only here is completed all the same', async () => {
  const repository = clone('local-head', '--branch', 'change', '--depth', '1')
  commit(repository, 'not pushed')
  expect(await findMergeBase({ repository, baseRef: 'main', signal })).toBe(origin.fork)
})

test('a shallow clone that cannot be deepened is refused with the fix', async () => {
  const repository = clone('cut-off', '--branch', 'change', '--depth', '1')
  git(repository, 'remote', 'set-url', 'origin', pathToFileURL(join(folder, 'gone')).href)
  await expect(findMergeBase({ repository, baseRef: 'main', signal })).rejects.toMatchObject({
    code: 'invalid',
    message: 'No common commit of HEAD and "main" was found. The clone is shallow, and it could not be deepened.',
    hint: expect.stringMatching(/fetch-depth: 0[\s\S]*\n\| /),
  })
})

test('histories without a common commit are no comparison', async () => {
  const repository = clone('unrelated', '--branch', 'change')
  git(repository, 'checkout', '--quiet', '--orphan', 'fresh')
  commit(repository, 'a new beginning')
  await expect(findMergeBase({ repository, baseRef: 'main', signal })).rejects.toThrow('They share no commit')
})

test('a base branch that does not exist is named', async () => {
  const repository = clone('no-base', '--branch', 'change')
  await expect(findMergeBase({ repository, baseRef: 'mian', signal })).rejects.toMatchObject({
    message: expect.stringContaining('"mian"'),
    hint: expect.stringContaining("couldn't find remote ref"),
  })
})

test('a base whose name looks like an option is a name', async () => {
  const repository = clone('option', '--branch', 'change')
  await expect(findMergeBase({ repository, baseRef: '--all', signal })).rejects.toMatchObject({ code: 'invalid' })
})

test('a folder without a repository, or without a commit, is named', async () => {
  const bare = mkdtempSync(join(tmpdir(), 'llm-perf-none-'))
  await expect(headCommit(bare)).rejects.toThrow(`No commit is checked out in ${bare}`)
  git(bare, 'init', '--quiet')
  await expect(findMergeBase({ repository: bare, baseRef: 'main', signal })).rejects.toThrow('No commit is checked out')
  rmSync(bare, { recursive: true })
})

test('cancelling ends the search', async () => {
  const repository = clone('cancelled', '--branch', 'change')
  await expect(findMergeBase({ repository, baseRef: 'main', signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'cancelled',
  })
})
