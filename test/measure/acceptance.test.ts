import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Log } from '../../src/log.ts'
import { acceptanceOfChange, acceptanceOfPush } from '../../src/measure/acceptance.ts'
import { scenario } from '../judge/evidence.ts'
import { commit, git } from '../server/repository.ts'

const { signal } = new AbortController()
const scenarios = [scenario('short'), scenario('long')]
const accepting = (reason: string) => `Slower\n\nLLM-Perf-Accept: long latency: ${reason}`

let folder = ''
let origin = ''
let start = ''
let lines: string[] = []
const log: Log = {
  info: (text) => lines.push(`info ${text}`),
  warning: (text) => lines.push(`warning ${text}`),
  group: (_name, body) => body(),
  progress: () => {},
}
beforeEach(() => {
  lines = []
  folder = mkdtempSync(join(tmpdir(), 'llm-perf-acceptance-'))
  origin = join(folder, 'origin')
  git(folder, 'init', '--quiet', '--initial-branch=main', origin)
  commit(origin, accepting('an older one'))
  start = commit(origin, 'start')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function clone(...args: string[]): string {
  git(folder, 'clone', '--quiet', ...args, pathToFileURL(origin).href, 'clone')
  return join(folder, 'clone')
}

const ofChange = (repository: string, given: { isFork?: boolean; labels?: string[] } = {}) =>
  acceptanceOfChange({
    repository,
    base: start,
    labels: (given.labels ?? []).map((name) => ({ name, setBy: null })),
    isFork: given.isFork ?? false,
    scenarios,
    signal,
    log,
  })

describe('a change that is not merged yet', () => {
  test('accepts by the trailers of its own commits, not by those before it', async () => {
    commit(origin, accepting('on purpose'))
    commit(origin, 'more')
    const { accepted } = await ofChange(origin)
    expect(accepted).toMatchObject([{ scenario: 'long', metric: 'latencyTail', reason: 'on purpose' }])
    expect(lines.join('\n')).toMatch(/^info .*long latency, by commit [0-9a-f]{12} by dev: on purpose\.$/)
  })

  test('a misspelt trailer accepts nothing and is warned about in the log', async () => {
    commit(origin, 'Slower\n\nLLM-Perf-Acept: long latency: x')
    expect((await ofChange(origin)).accepted).toEqual([])
    expect(lines).toEqual([expect.stringMatching(/^warning .*LLM-Perf-Acept.*accepts nothing/)])
  })

  test('of a fork accepts by the label alone', async () => {
    commit(origin, accepting('says a stranger'))
    const { accepted, problems } = await ofChange(origin, { isFork: true, labels: ['bug', 'llm-perf: accept'] })
    expect(accepted).toMatchObject([{ scenario: null, metric: null, source: 'label "llm-perf: accept"' }])
    expect(problems).toEqual([expect.stringContaining('fork')])
  })

  test('in a clone that ends within it accepts by no trailer, which an earlier merge may have brought', async () => {
    git(origin, 'checkout', '--quiet', '-b', 'topic', 'main~1')
    const tip = commit(origin, accepting('on purpose'), 'topic.txt')
    const repository = clone('--depth=1', '--branch=topic')
    git(repository, 'fetch', '--quiet', '--depth=1', 'origin', 'main')
    expect(git(repository, 'rev-parse', 'HEAD')).toBe(tip)
    const { accepted, problems } = await ofChange(repository, { labels: ['llm-perf: accept short latency'] })
    expect(accepted).toMatchObject([{ scenario: 'short', source: 'label "llm-perf: accept short latency"' }])
    expect(problems).toEqual([expect.stringContaining('fetch-depth: 0')])
  })
})

describe('a push', () => {
  const ofPush = (repository: string, before: string | null) =>
    acceptanceOfPush({ repository, before, scenarios, signal, log })

  test('brings what its commits accept, those of a merged branch included', async () => {
    git(origin, 'checkout', '--quiet', '-b', 'topic')
    commit(origin, accepting('on purpose'), 'topic.txt')
    git(origin, 'checkout', '--quiet', 'main')
    git(origin, 'merge', '--quiet', '--no-ff', '--message', 'Merge topic', 'topic')
    expect((await ofPush(origin, start)).accepted).toMatchObject([{ scenario: 'long', reason: 'on purpose' }])
  })

  test('whose commits say nothing accepts nothing, whatever an earlier push said', async () => {
    commit(origin, 'next')
    expect(await ofPush(origin, start)).toEqual({ accepted: [], problems: [] })
  })

  test('in a shallow clone is read as far as the branch before it', async () => {
    commit(origin, accepting('on purpose'))
    for (let number = 0; number < 3; number++) commit(origin, `commit ${number}`)
    const { accepted } = await ofPush(clone('--depth=1'), start)
    expect(accepted).toMatchObject([{ reason: 'on purpose' }])
  })

  test('in a clone that cannot be deepened is read by its tip alone: the message of a squash merge', async () => {
    commit(origin, `${accepting('on purpose')}\n\n* more\n\nMore of it.`)
    const repository = clone('--depth=1')
    git(repository, 'remote', 'set-url', 'origin', pathToFileURL(join(folder, 'gone')).href)
    expect((await ofPush(repository, start)).accepted).toMatchObject([{ reason: 'on purpose' }])
  })

  test('that made the branch is read by its tip alone', async () => {
    commit(origin, 'next')
    expect((await ofPush(origin, null)).accepted).toEqual([])
  })
})
