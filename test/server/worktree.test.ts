import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addWorktree, removeWorktree } from '../../src/server/index.ts'
import { commit, git } from './repository.ts'

const { signal } = new AbortController()
let folder = ''
let repository = ''
let directory = ''
let first = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'llm-perf-tree-'))
  repository = join(folder, 'repository')
  directory = join(folder, 'base side')
  mkdirSync(repository)
  git(repository, 'init', '--quiet', '--initial-branch=main')
  first = commit(repository, 'first')
  commit(repository, 'second')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const trees = () => git(repository, 'worktree', 'list').split('\n').length

test('the base side stands beside the checkout, which keeps what it has', async () => {
  writeFileSync(join(repository, 'server.txt'), 'not committed\n')
  const tree = await addWorktree({ repository, commit: first, directory, signal })
  expect(readFileSync(join(directory, 'server.txt'), 'utf8')).toBe('first\n')
  expect(readFileSync(join(repository, 'server.txt'), 'utf8')).toBe('not committed\n')
  expect(git(directory, 'rev-parse', 'HEAD')).toBe(first)
  await tree.remove()
  expect(existsSync(directory)).toBe(false)
  expect(trees()).toBe(1)
  await tree.remove()
})

test('a work tree goes with all that a setup command left in it', async () => {
  const tree = await addWorktree({ repository, commit: first, directory, signal })
  mkdirSync(join(directory, 'venv'))
  writeFileSync(join(directory, 'venv', 'read-only'), '')
  chmodSync(join(directory, 'venv', 'read-only'), 0o400)
  writeFileSync(join(directory, 'server.txt'), 'changed')
  await tree.remove()
  expect(existsSync(directory)).toBe(false)
})

test('what an earlier run left behind is replaced', async () => {
  await addWorktree({ repository, commit: first, directory, signal })
  rmSync(directory, { recursive: true })
  await addWorktree({ repository, commit: first, directory, signal })
  writeFileSync(join(directory, 'stale'), '')
  await addWorktree({ repository, commit: first, directory, signal })
  expect(existsSync(join(directory, 'stale'))).toBe(false)
  await removeWorktree(repository, directory)
  expect(trees()).toBe(1)
})

test('hooks of the repository do not run', async () => {
  writeFileSync(join(repository, '.git/hooks/post-checkout'), '#!/bin/sh\ntouch "$PWD/hook-ran"\n', { mode: 0o755 })
  await addWorktree({ repository, commit: first, directory, signal })
  expect(existsSync(join(directory, 'hook-ran'))).toBe(false)
})

test('a commit that is not there is named, and nothing is left behind', async () => {
  const missing = 'deadbeef'.repeat(5)
  await expect(addWorktree({ repository, commit: missing, directory, signal })).rejects.toMatchObject({
    code: 'invalid',
    message: `Commit ${missing} is not in the clone.`,
    hint: expect.stringContaining('fetch-depth: 0'),
  })
  expect(existsSync(directory)).toBe(false)
  expect(trees()).toBe(1)
})

test('a removal without a repository still takes the folder away', async () => {
  await addWorktree({ repository, commit: first, directory, signal })
  rmSync(repository, { recursive: true })
  await removeWorktree(repository, directory)
  expect(existsSync(directory)).toBe(false)
})

test.each(['.', '..', '../..'])('the folder %s, which holds the repository, is never deleted', async (relative) => {
  await expect(removeWorktree(repository, join(repository, relative))).rejects.toThrow('holds the repository itself')
  expect(existsSync(join(repository, 'server.txt'))).toBe(true)
})
