import { beforeAll, describe, expect, it } from 'vitest'
import { appendJob, parseBaselineAt, serialiseBaseline } from '../../src/baseline/index.ts'
import { defaultPolicy } from '../../src/model/policy.ts'
import { common, job, runnerClass } from '../baseline/sample.ts'
import { mirrorCommit, setBranch } from '../github/fake-github/index.ts'
import { createRepository, remoteOf } from '../github/seeded.ts'
import { useFakeGitHub } from '../github/use-fake-github.ts'

const path = '.github/llm-perf-baseline.json'
const fake = useFakeGitHub()
let start: string

beforeAll(async () => {
  const repository = createRepository()
  start = repository.commit('start', { 'a.txt': 'a' })
  await mirrorCommit(remoteOf(fake), repository.directory, start)
  repository.remove()
})

/** What the job of a shard commits to the branch. */
const commitShard = (branch: string, index: number, count: number) =>
  fake.connect().updateFile({
    branch,
    path,
    message: `shard ${index}/${count}`,
    writers: count,
    update: (text) =>
      serialiseBaseline(
        appendJob(parseBaselineAt(path, text), {
          ...common,
          policy: { ...defaultPolicy, shard: { index, count } },
          job: job([100 + index], { runUrl: 'https://github.com/acme/llm-server/actions/runs/1' }),
        }),
      ),
  })

const keyOf = (index: number, count: number) => `${runnerClass.id} shard ${index}/${count}`

async function windowsOn(branch: string) {
  const file = parseBaselineAt(path, await fake.connect().readFile(path, branch))
  return file?.windows ?? {}
}

describe('shards that commit their windows at the same time', () => {
  it.each([
    ['makes the file', 'first', []],
    ['finds it', 'later', [keyOf(1, 3)]],
  ])('both land where the first of two %s', async (_, branch, before) => {
    await setBranch(remoteOf(fake), branch, start)
    if (before.length > 0) await commitShard(branch, 1, 3)
    // The first to write is held back until the other has written: its race is lost for certain.
    await fake.faults([{ match: 'PUT ', holdUntil: 'PUT ' }])
    const results = await Promise.all([commitShard(branch, 2, 3), commitShard(branch, 3, 3)])
    expect(results.map(({ attempts }) => attempts).toSorted()).toEqual([1, 2])
    const windows = await windowsOn(branch)
    expect(Object.keys(windows).toSorted()).toEqual([...before, keyOf(2, 3), keyOf(3, 3)])
    for (const index of [2, 3]) {
      const [trial] = windows[keyOf(index, 3)]?.jobs[0]?.trials ?? []
      expect(trial?.scenarios['p128-o64-c4']?.values.latencyTail).toBe(100 + index)
    }
  })

  it('eight of them all land: each may lose to every other, and still has its own tries', async () => {
    const branch = 'eight'
    await setBranch(remoteOf(fake), branch, start)
    await Promise.all(Array.from({ length: 8 }, (_, place) => commitShard(branch, place + 1, 8)))
    expect(Object.keys(await windowsOn(branch))).toHaveLength(8)
  })

  it('gives up when it has lost more races than there are writers', async () => {
    const branch = 'lost'
    await setBranch(remoteOf(fake), branch, start)
    await fake.faults([{ match: 'PUT ', times: 99, status: 409, body: { message: `${path} does not match 0123` } }])
    await expect(commitShard(branch, 1, 3)).rejects.toThrow('7 tries were lost')
    expect(await windowsOn(branch)).toEqual({})
  })
})
