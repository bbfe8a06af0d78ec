import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Runs git as somebody who has no configuration of their own. */
export function git(folder: string, ...args: string[]): string {
  return execFileSync('git', ['-C', folder, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'dev',
      GIT_AUTHOR_EMAIL: 'dev@example.com',
      GIT_COMMITTER_NAME: 'dev',
      GIT_COMMITTER_EMAIL: 'dev@example.com',
    },
  }).trim()
}

/** A new commit that changes one file. */
export function commit(folder: string, text: string, file = 'server.txt'): string {
  writeFileSync(join(folder, file), `${text}\n`)
  git(folder, 'add', '--all')
  git(folder, 'commit', '--quiet', '--message', text)
  return git(folder, 'rev-parse', 'HEAD')
}

/** `count` commits on top of a branch, in one go. */
export function addHistory(folder: string, branch: string, count: number): string {
  const hasBranch = git(folder, 'branch', '--list', branch) !== ''
  const commits = Array.from({ length: count }, (_, number) =>
    [
      `commit refs/heads/${branch}`,
      `committer dev <dev@example.com> ${1_700_000_000 + number} +0000`,
      'data 4',
      'some',
      ...(hasBranch && number === 0 ? [`from refs/heads/${branch}^0`] : []),
      '',
    ].join('\n'),
  )
  execFileSync('git', ['-C', folder, 'fast-import', '--quiet'], { input: commits.join('') })
  return git(folder, 'rev-parse', branch)
}

/** A team's repository: `count` commits on main, then a branch `change` with two, while main moves on by `later`. */
export function makeOrigin(count: number, later = 2): { folder: string; fork: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'llm-perf-origin-'))
  git(folder, 'init', '--quiet', '--initial-branch=main')
  const fork = addHistory(folder, 'main', count)
  git(folder, 'checkout', '--quiet', '-b', 'change', 'main')
  for (const number of [1, 2]) commit(folder, `change ${number}`, 'change.txt')
  addHistory(folder, 'main', later)
  git(folder, 'checkout', '--quiet', 'main')
  return { folder, fork, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
