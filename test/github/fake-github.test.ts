import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectGitHub } from '../../src/github/index.ts'
import {
  branchTip,
  type FakeGitHub,
  fetchCommit,
  mirrorCommit,
  openPull,
  setBranch,
  startFakeGitHub,
} from './fake-github/index.ts'
import { createRepository, type Repository, remoteOf } from './seeded.ts'

let fake: FakeGitHub
let repository: Repository
let base: string
let head: string

beforeAll(async () => {
  fake = await startFakeGitHub({ owner: 'team', repo: 'server' })
  repository = createRepository()
  base = repository.commit('first\n\nwith a body', { 'a.txt': 'a', 'ü b.txt': 'umlaut' })
  repository.git('checkout', '--quiet', '-b', 'side')
  repository.commit('side', { 'side.txt': 's' })
  repository.git('checkout', '--quiet', 'main')
  repository.commit('main goes on', { 'a.txt': 'aa' })
  repository.git('merge', '--quiet', '--no-ff', '--message', 'merge side', 'side')
  head = repository.git('rev-parse', 'HEAD')
})
afterAll(async () => {
  repository.remove()
  await fake.stop()
})

const status = async (path: string, token?: string) => {
  const headers = token ? { authorization: `token ${token}` } : undefined
  return (await fetch(`${fake.apiUrl}${path}`, headers ? { headers } : {})).status
}

describe('git objects go both ways with the same SHA', () => {
  it('a history with a merge, other time zones and names beyond ASCII is mirrored', async () => {
    await mirrorCommit(remoteOf(fake), repository.directory, head)
    await setBranch(remoteOf(fake), 'main', head)
    expect(await branchTip(remoteOf(fake), 'main')).toBe(head)
    const zoned = createRepository()
    zoned.git('commit', '--quiet', '--allow-empty', '--date', '2026-01-02T03:04:05-0330', '--message', 'zone')
    await mirrorCommit(remoteOf(fake), zoned.directory, zoned.git('rev-parse', 'HEAD'))
    zoned.remove()
  })

  it('mirroring again sends nothing', async () => {
    const before = (await fake.journal()).length
    await mirrorCommit(remoteOf(fake), repository.directory, head)
    expect((await fake.journal()).slice(before).filter(({ method }) => method !== 'GET')).toEqual([])
  })

  it('a commit made through the API is fetched into a local repository', async () => {
    const github = connectGitHub(fake.tokens.job, 'team/server', { apiUrl: fake.apiUrl, log: () => {} })
    const { commit } = await github.updateFile({
      branch: 'main',
      path: '.github/b.json',
      message: 'baseline',
      update: () => '{}',
    })
    await fetchCommit(remoteOf(fake), repository.directory, commit)
    expect(repository.git('rev-parse', `${commit}^`)).toBe(head)
    expect(repository.git('show', `${commit}:.github/b.json`)).toBe('{}')
    expect(repository.git('log', '-1', '--format=%an %s', commit)).toBe('GitHub Actions baseline')
    repository.git('fsck', '--strict')
  })
})

describe('pull requests', () => {
  it('are opened between branches and read by the product', async () => {
    await setBranch(remoteOf(fake), 'old', base)
    await setBranch(remoteOf(fake), 'change', head)
    const number = await openPull(remoteOf(fake), { head: 'change', base: 'old', title: 'a change' })
    const github = connectGitHub(fake.tokens.readOnly, 'team/server', { apiUrl: fake.apiUrl, log: () => {} })
    // A token with `contents: read` alone may not read pull requests of a private repository; this one is public.
    const readable = connectGitHub(fake.tokens.job, 'team/server', { apiUrl: fake.apiUrl, log: () => {} })
    expect(await readable.pullRequest(number)).toEqual({
      number,
      headSha: head,
      headRepository: 'team/server',
      baseRef: 'old',
    })
    await expect(github.pullRequest(9_999)).rejects.toThrow(/#9999/)
    const files = await fake.api<{ filename: string }[]>('GET', `/repos/team/server/pulls/${number}/files`)
    expect(files.map(({ filename }) => filename).sort()).toEqual(['a.txt', 'side.txt'])
    const pulls = await fake.api<{ number: number }[]>('GET', `/repos/team/server/commits/${head}/pulls`)
    expect(pulls.map((pull) => pull.number)).toEqual([number])
  })
})

describe('the proxy is as strict as github.com', () => {
  it('an unknown token is refused, and the tokens of jobs may not ask who they are', async () => {
    expect(await status('/repos/team/server', 'nobody')).toBe(401)
    expect(await status('/user', fake.tokens.job)).toBe(403)
    expect(await status('/user', fake.tokens.dev)).toBe(200)
  })

  it('a read-only token cannot write', async () => {
    const write = fake.api(
      'POST',
      '/repos/team/server/git/refs',
      { ref: 'refs/heads/x', sha: base },
      fake.tokens.readOnly,
    )
    await expect(write).rejects.toThrow(/403/)
  })

  it('long bodies, long summaries and too many annotations are refused', async () => {
    const check = (output: object) =>
      fake.api('POST', '/repos/team/server/check-runs', { name: 'gate', head_sha: head, output }, fake.tokens.job)
    const comment = (length: number) =>
      fake.api('POST', '/repos/team/server/issues/1/comments', { body: 'x'.repeat(length) })
    await comment(65_536)
    await expect(comment(65_537)).rejects.toThrow(/422.*too long/)
    await check({ title: 't', summary: 'x'.repeat(65_535) })
    await expect(check({ title: 't', summary: 'x'.repeat(65_536) })).rejects.toThrow(/422/)
    await expect(
      check({ title: 't', summary: 's', annotations: Array.from({ length: 51 }, () => ({})) }),
    ).rejects.toThrow(/422/)
  })

  it('knows commit statuses', async () => {
    await fake.api('POST', `/repos/team/server/statuses/${head}`, { state: 'success', context: 'gate' })
    expect(await fake.api('GET', `/repos/team/server/commits/${head}/statuses`)).toMatchObject([{ state: 'success' }])
  })

  it('faults are used up, in order, and the journal shows every request', async () => {
    await fake.faults([
      { match: 'GET /repos/team/server$', skip: 1, times: 1, status: 418, headers: { 'x-tea': 'pot' } },
    ])
    const seen = [
      await status('/repos/team/server'),
      await status('/repos/team/server'),
      await status('/repos/team/server'),
    ]
    expect(seen).toEqual([200, 418, 200])
    const last = (await fake.journal()).slice(-3)
    expect(last.map(({ method, path, status: answered }) => [method, path, answered])).toEqual(
      [200, 418, 200].map((answered) => ['GET', '/repos/team/server', answered]),
    )
  })
})

describe('the process', () => {
  it('ends with its parent, however that ended', async () => {
    const client = new URL('fake-github/index.ts', import.meta.url).href
    const script = `const { startFakeGitHub } = await import('${client}')
      const { apiUrl } = await startFakeGitHub()
      process.stdout.write(apiUrl, () => process.kill(process.pid, 'SIGKILL'))`
    const { stdout, signal } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      encoding: 'utf8',
    })
    expect(signal).toBe('SIGKILL')
    expect(stdout).toMatch(/^http:/)
    await expect
      .poll(
        () =>
          fetch(stdout).then(
            () => 'alive',
            () => 'gone',
          ),
        { timeout: 10_000 },
      )
      .toBe('gone')
  })

  it('ends on stop, and its port is free again', async () => {
    const other = await startFakeGitHub()
    await other.stop()
    await other.stop()
    await expect(fetch(other.apiUrl)).rejects.toThrow()
  })
})
