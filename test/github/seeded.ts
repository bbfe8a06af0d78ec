import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FakeGitHub, mirrorCommit, openPull, type Remote, setBranch } from './fake-github/index.ts'

export function remoteOf(fake: FakeGitHub): Remote {
  return { apiUrl: fake.apiUrl, token: fake.tokens.dev, owner: fake.owner, repo: fake.repo }
}

/** A real git repository in a temporary folder; `git` throws on failure. */
export interface Repository {
  readonly directory: string
  git(...args: string[]): string
  /** Writes files, commits them, and returns the commit. */
  commit(message: string, files: Readonly<Record<string, string>>): string
  remove(): void
}

export function createRepository(): Repository {
  const directory = mkdtempSync(join(tmpdir(), 'llm-perf-git-'))
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada Ö', '-c', 'user.email=ada@example.org', ...args], {
      cwd: directory,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim()
  git('init', '--quiet', '--initial-branch=main')
  return {
    directory,
    git,
    commit(message, files) {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text)
      git('add', '--all')
      git('commit', '--quiet', '--no-gpg-sign', '--message', message)
      return git('rev-parse', 'HEAD')
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}

let pulls = 0

/** A fresh pull request on a branch of its own; `main` is created on the first call. */
export async function seededPull(fake: FakeGitHub): Promise<number> {
  const repository = createRepository()
  try {
    const remote = remoteOf(fake)
    pulls += 1
    const base = repository.commit('base', { 'a.txt': 'a' })
    const head = repository.commit(`head ${pulls}`, { 'a.txt': `b${pulls}` })
    await mirrorCommit(remote, repository.directory, head)
    await setBranch(remote, `base-${pulls}`, base)
    await setBranch(remote, `head-${pulls}`, head)
    return await openPull(remote, { head: `head-${pulls}`, base: `base-${pulls}`, title: `pull ${pulls}` })
  } finally {
    repository.remove()
  }
}

/** The head of a fresh pull request. */
export async function seededHead(fake: FakeGitHub): Promise<string> {
  const path = `/repos/${fake.owner}/${fake.repo}/pulls/${await seededPull(fake)}`
  return (await fake.api<{ head: { sha: string } }>('GET', path)).head.sha
}

export interface WrittenCheck {
  readonly name: string
  readonly status: string
  readonly conclusion: string
  readonly head_sha: string
  readonly external_id: string
  readonly details_url: string
  readonly html_url: string
  readonly output: { readonly title: string; readonly summary: string }
}

/** All check runs of a commit, those of earlier attempts too. */
export async function checkRuns(fake: FakeGitHub, sha: string): Promise<readonly WrittenCheck[]> {
  const path = `/repos/${fake.owner}/${fake.repo}/commits/${sha}/check-runs?filter=all`
  return (await fake.api<{ check_runs: WrittenCheck[] }>('GET', path)).check_runs
}
