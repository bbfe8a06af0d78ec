import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { commitText, isoDate, parseCommit } from './commit-text.ts'

/** A repository on the fake, seen with one token. */
export interface Remote {
  readonly apiUrl: string
  readonly token: string
  readonly owner: string
  readonly repo: string
}

/**
 * Brings a commit of a local repository, and all its ancestors, to the fake with the very same SHAs: blobs, tree,
 * commit. What is there already is left alone.
 *
 * @throws Error when a SHA differs (signed commits, odd encodings): such a mirror would test nothing.
 */
export async function mirrorCommit(remote: Remote, directory: string, sha: string): Promise<void> {
  const list = (await git(directory, ['rev-list', '--reverse', '--topo-order', sha])).toString().trim().split('\n')
  const sent = new Set<string>()
  for (const commit of list) {
    if (await exists(remote, `git/commits/${commit}`)) continue
    const tree = await mirrorTree(remote, directory, commit, sent)
    const { parents, message, author, committer } = parseCommit(
      (await git(directory, ['cat-file', 'commit', commit])).toString(),
    )
    const body = { tree, parents, message, author: person(author), committer: person(committer) }
    const made = await call<{ sha: string }>(remote, 'POST', 'git/commits', body)
    assertSame('commit', made.sha, commit)
  }
}

/** Points a branch at a commit that was mirrored; forced, as a person's `git push --force`. */
export async function setBranch(remote: Remote, branch: string, sha: string): Promise<void> {
  if (await exists(remote, `git/ref/heads/${branch}`)) {
    await call(remote, 'PATCH', `git/refs/heads/${branch}`, { sha, force: true })
  } else {
    await call(remote, 'POST', 'git/refs', { ref: `refs/heads/${branch}`, sha })
  }
}

/** Opens a pull request and returns its number. */
export async function openPull(
  remote: Remote,
  pull: { head: string; base: string; title: string; body?: string },
): Promise<number> {
  return (await call<{ number: number }>(remote, 'POST', 'pulls', pull)).number
}

/** The commit at the tip of a branch. */
export async function branchTip(remote: Remote, branch: string): Promise<string> {
  return (await call<{ object: { sha: string } }>(remote, 'GET', `git/ref/heads/${branch}`)).object.sha
}

interface ApiCommit {
  readonly tree: { readonly sha: string }
  readonly parents: readonly { readonly sha: string }[]
  readonly message: string
  readonly author: { name: string; email: string; date: string }
  readonly committer: { name: string; email: string; date: string }
}

/**
 * The way back: a commit that was made through the API (a baseline, a merge) is recreated in a local repository, with
 * its ancestors and the very same SHA. No ref is moved.
 */
export async function fetchCommit(remote: Remote, directory: string, sha: string): Promise<void> {
  if (await hasObject(directory, sha)) return
  const commit = await call<ApiCommit>(remote, 'GET', `git/commits/${sha}`)
  for (const parent of commit.parents) await fetchCommit(remote, directory, parent.sha)
  await fetchTree(remote, directory, commit.tree.sha)
  const parents = commit.parents.map((parent) => parent.sha)
  const text = commitText({ ...commit, tree: commit.tree.sha, parents })
  assertSame('commit', await hashObject(directory, 'commit', Buffer.from(text)), sha)
}

async function fetchTree(remote: Remote, directory: string, sha: string): Promise<void> {
  if (await hasObject(directory, sha)) return
  type Entry = { path: string; mode: string; type: string; sha: string }
  const { tree } = await call<{ tree: Entry[] }>(remote, 'GET', `git/trees/${sha}`)
  for (const entry of tree) {
    if (entry.type === 'tree') await fetchTree(remote, directory, entry.sha)
    else if (!(await hasObject(directory, entry.sha))) {
      const blob = await call<{ content: string }>(remote, 'GET', `git/blobs/${entry.sha}`)
      assertSame('blob', await hashObject(directory, 'blob', Buffer.from(blob.content, 'base64')), entry.sha)
    }
  }
  const lines = tree.map(({ mode, type, sha: entrySha, path }) => `${mode} ${type} ${entrySha}\t${path}\0`).join('')
  assertSame('tree', (await git(directory, ['mktree', '-z'], Buffer.from(lines))).toString().trim(), sha)
}

async function mirrorTree(remote: Remote, directory: string, commit: string, sent: Set<string>): Promise<string> {
  const listing = (await git(directory, ['ls-tree', '-r', '-z', commit])).toString().split('\0').filter(Boolean)
  const tree = []
  for (const line of listing) {
    const [, mode = '', type = '', sha = '', path = ''] = /^(\d+) (\w+) ([0-9a-f]+)\t(.*)$/s.exec(line) ?? []
    tree.push({ path, mode, type, sha })
    if (sent.has(sha)) continue
    const content = (await git(directory, ['cat-file', 'blob', sha])).toString('base64')
    const made = await call<{ sha: string }>(remote, 'POST', 'git/blobs', { content, encoding: 'base64' })
    assertSame(`blob of ${path}`, made.sha, sha)
    sent.add(sha)
  }
  return (await call<{ sha: string }>(remote, 'POST', 'git/trees', { tree })).sha
}

function person({ name, email, seconds, zone }: ReturnType<typeof parseCommit>['author']) {
  return { name, email, date: isoDate(seconds, zone) }
}

async function exists(remote: Remote, path: string): Promise<boolean> {
  return (await request(remote, 'GET', path)).ok
}

async function call<T>(remote: Remote, method: string, path: string, body?: unknown): Promise<T> {
  const response = await request(remote, method, path, body)
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return JSON.parse(text) as T
}

function request({ apiUrl, token, owner, repo }: Remote, method: string, path: string, body?: unknown) {
  return fetch(`${apiUrl}/repos/${owner}/${repo}/${path}`, {
    method,
    headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

async function hasObject(directory: string, sha: string): Promise<boolean> {
  return await git(directory, ['cat-file', '-e', sha]).then(
    () => true,
    () => false,
  )
}

async function hashObject(directory: string, type: string, bytes: Buffer): Promise<string> {
  return (await git(directory, ['hash-object', '-t', type, '-w', '--stdin'], bytes)).toString().trim()
}

async function git(directory: string, args: readonly string[], input?: Buffer): Promise<Buffer> {
  const options = { cwd: directory, encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 } as const
  const running = promisify(execFile)('git', args, options)
  // A git that needs no input may be gone before this arrives; its exit code tells whether it failed.
  running.child.stdin?.on('error', () => {}).end(input)
  return (await running).stdout
}

function assertSame(what: string, made: string, expected: string): void {
  if (made !== expected) throw new Error(`the SHA of the ${what} differs: made ${made}, expected ${expected}`)
}
