import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commitsSince } from '../../src/server/index.ts'
import { commit, git } from './repository.ts'

const { signal } = new AbortController()
let folder = ''
let repository = ''
let base = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'llm-perf-commits-'))
  repository = join(folder, 'team')
  git(folder, 'init', '--quiet', '--initial-branch=main', repository)
  commit(repository, 'one')
  base = commit(repository, 'two')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const titles = (commits: readonly { message: string }[]) => commits.map(({ message }) => message.split('\n')[0])

test('the commits since the base come newest first, with author and whole message', async () => {
  const first = commit(repository, 'Titel für alle\n\nBody \x1f of it.\n\nKey: value')
  const second = commit(repository, 'four')
  const { commits, isWhole } = await commitsSince({ repository, base, signal })
  expect(commits).toEqual([
    { sha: second, author: 'dev', message: 'four' },
    { sha: first, author: 'dev', message: 'Titel für alle\n\nBody \x1f of it.\n\nKey: value' },
  ])
  expect(isWhole).toBe(true)
})

test('a branch that was merged in counts, and what the base has as well does not', async () => {
  const fork = commit(repository, 'five')
  git(repository, 'checkout', '--quiet', '-b', 'side')
  commit(repository, 'on the side', 'side.txt')
  git(repository, 'checkout', '--quiet', 'main')
  commit(repository, 'six')
  git(repository, 'merge', '--quiet', '--no-ff', '--message', 'merge', 'side')
  const { commits } = await commitsSince({ repository, base: fork, signal })
  expect(titles(commits).sort()).toEqual(['merge', 'on the side', 'six'])
})

test('no commit since the base is no commit', async () => {
  const head = git(repository, 'rev-parse', 'HEAD')
  expect(await commitsSince({ repository, base: head, signal })).toEqual({ commits: [], isWhole: true })
})

test('without a base the checked-out commit is read alone, and that is not the whole', async () => {
  const head = commit(repository, 'seven')
  const { commits, isWhole } = await commitsSince({ repository, base: null, signal })
  expect(commits.map(({ sha }) => sha)).toEqual([head])
  expect(isWhole).toBe(false)
})

test('a clone whose history ends within the range says so', async () => {
  const origin = join(folder, 'origin')
  git(folder, 'init', '--quiet', '--initial-branch=main', origin)
  for (const text of ['a', 'b', 'c']) commit(origin, text)
  git(origin, 'checkout', '--quiet', '-b', 'other', 'main~2')
  const other = commit(origin, 'other', 'other.txt')
  git(folder, 'clone', '--quiet', '--depth=1', '--branch=main', pathToFileURL(origin).href, 'cut')
  const cut = join(folder, 'cut')
  git(cut, 'fetch', '--quiet', '--depth=1', 'origin', other)
  expect((await commitsSince({ repository: cut, base: other, signal })).isWhole).toBe(false)
})

test('a base that is not there is an error, not "no commit"', async () => {
  await expect(commitsSince({ repository, base: 'f'.repeat(40), signal })).rejects.toMatchObject({
    code: 'invalid',
    hint: expect.stringContaining('fetch-depth: 0'),
  })
})
