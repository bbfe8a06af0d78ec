import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { changedFiles } from '../../src/server/index.ts'
import { commit, git } from './repository.ts'

const { signal } = new AbortController()
let repository = ''
let base = ''
beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), 'llm-perf-changed-'))
  git(repository, 'init', '--quiet', '--initial-branch=main')
  commit(repository, 'one', 'a file.txt')
  base = commit(repository, 'two', 'b.txt')
})
afterEach(() => rmSync(repository, { recursive: true, force: true }))

const changed = (...paths: string[]) => changedFiles({ repository, base, paths, signal })

test('only what was committed since, and only what was asked about', async () => {
  commit(repository, 'edited', 'a file.txt')
  commit(repository, 'new', 'c.txt')
  writeFileSync(join(repository, 'b.txt'), 'not committed\n')
  expect(await changed('a file.txt', 'b.txt')).toEqual(new Set(['a file.txt']))
  expect(await changed('c.txt')).toEqual(new Set(['c.txt']))
})

test('a deleted and a renamed file count as changed', async () => {
  git(repository, 'mv', 'b.txt', 'renamed.txt')
  git(repository, 'commit', '--quiet', '--message', 'rename')
  expect(await changed('b.txt')).toEqual(new Set(['b.txt']))
})

test('a base that is not there is an error, not "nothing changed"', async () => {
  await expect(changedFiles({ repository, base: 'f'.repeat(40), paths: ['b.txt'], signal })).rejects.toMatchObject({
    code: 'invalid',
    hint: expect.stringContaining('fetch-depth: 0'),
  })
})
