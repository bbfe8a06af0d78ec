import { describe, expect, test } from 'vitest'
import { checkShards } from '../../src/merge/check-shards.ts'
import type { FoundRecording } from '../../src/merge/recording.ts'
import { scenario } from '../judge/evidence.ts'
import { header } from '../recording/sample.ts'
import { expected, firstOfTwo, matrix, recordingOf, secondOfTwo } from './sample.ts'

const first = recordingOf(firstOfTwo)
const second = recordingOf(secondOfTwo)

/** What is found, as `code: message`, and the shards that are left to be judged. */
function check(...recordings: FoundRecording[]) {
  const { sound, findings, count } = checkShards(recordings, expected)
  return {
    count,
    sound: sound.map(({ shard }) => shard.index),
    findings: findings.map(({ code, message }) => `${code}: ${message}`),
    hints: findings.map(({ hint }) => hint),
    shards: findings.map(({ shard }) => shard),
  }
}

test('all shards, each once, are all that is wanted, in whatever order they come', () => {
  expect(check(second, first)).toMatchObject({ count: 2, sound: [1, 2], findings: [] })
})

describe('what is not whole is named', () => {
  test('a shard that nobody recorded, with its scenarios', () => {
    const { sound, findings, shards } = check(first)
    expect(sound).toEqual([1])
    expect(findings).toEqual(['shard-missing: There is no recording of shard 2/2 ("b", "d").'])
    expect(shards).toEqual([secondOfTwo])
  })

  test('the same shard twice: neither counts, since nobody knows which', () => {
    const again = { ...recordingOf(secondOfTwo), name: 'rec-2-again' }
    const { sound, findings } = check(first, second, again)
    expect(sound).toEqual([1])
    expect(findings).toEqual([
      expect.stringMatching(/^shard-twice: .*2 recordings of shard 2\/2 \(rec-2, rec-2-again\)/),
    ])
  })

  test('a recording of the whole matrix', () => {
    const whole = recordingOf(firstOfTwo, { name: 'whole', gate: { shard: undefined } })
    expect(check(whole)).toMatchObject({
      count: null,
      sound: [],
      findings: [expect.stringContaining('no-shard: The recording in whole')],
    })
    expect(check(first, second, whole)).toMatchObject({
      sound: [1, 2],
      findings: [expect.stringContaining('no-shard')],
    })
  })

  test('another number of shards', () => {
    const third = recordingOf({ index: 2, count: 3 }, { name: 'rec-of-three' })
    const { sound, findings } = check(first, third)
    expect(sound).toEqual([1])
    expect(findings).toEqual([
      expect.stringMatching(/^shard-count: .*rec-of-three is of shard 2\/3, where others are of 2 shards/),
      expect.stringMatching(/^shard-missing: .*2\/2/),
    ])
  })

  test('no recording at all', () => {
    expect(check()).toMatchObject({ count: null, sound: [] })
  })
})

describe('a recording that is not of this very run is refused, with the value seen and what is wanted', () => {
  const other = (name: string) => [...matrix.slice(0, 1), scenario(name)]
  const plan = first.run.head.plan
  const withPlan = (scenarios: typeof matrix) => ({ run: { plan: { ...plan, scenarios } } })
  const runs: readonly [string, Parameters<typeof recordingOf>[1], RegExp][] = [
    [
      'another head',
      { run: { commit: 'c'.repeat(40) } },
      /^shard-commit: Shard 1\/2 \(rec-1\) measured c{12} as its head, .* a{12}\.$/,
    ],
    ['no known head', { run: { commit: null } }, /^shard-commit: .*no known commit/],
    ['another version', { run: { toolVersion: '9.9.9' } }, /^shard-version: .*version 9\.9\.9, this is 0\.1\.0/],
    ['another seed', { run: { seed: 7 } }, /^shard-seed: .*load\.seed 7, the configuration has 1/],
    ['fewer scenarios', withPlan(matrix.slice(0, 1)), /^shard-scenarios: .*"c" is missing/],
    [
      'scenarios of another shard',
      withPlan([...matrix.slice(0, 2), ...matrix.slice(2, 3)]),
      /^shard-scenarios: .*"b" is not its own/,
    ],
    ['a renamed scenario', withPlan(other('z')), /^shard-scenarios: .*"c" is missing, "z" is not its own/],
    [
      'an easier scenario',
      withPlan([...matrix.slice(0, 1), scenario('c', { promptTokens: 8 })]),
      /^shard-scenarios: .*"c" is other work/,
    ],
    [
      'a looser margin',
      { gate: { margins: { ...plan.gate.margins, latencyTail: 9 } } },
      /^shard-policy: .*latencyTail 9 instead of 0\.1/,
    ],
    ['fewer pairs', { gate: { maxPairs: 8 } }, /^shard-policy: .*maxPairs 8 instead of 11/],
    ['failures allowed', { gate: { failureLimit: 0.5 } }, /^shard-policy: .*failureLimit 0\.5 instead of 0/],
    ['no verdict of its job', { conclusion: null }, /^shard-unfinished: .*ended before it had a verdict/],
  ]
  test.each(runs)('%s', (_what, sample, message) => {
    const { sound, findings, hints } = check(recordingOf(firstOfTwo, sample), second)
    expect(sound).toEqual([2])
    expect(findings).toContainEqual(expect.stringMatching(message))
    for (const hint of hints) expect(hint.length).toBeGreaterThan(20)
  })

  test('another base', () => {
    const { run } = first
    const moved = { ...first, run: { ...run, base: { ...run.head, side: 'base', commit: 'd'.repeat(40) } as const } }
    expect(check(moved, second)).toMatchObject({
      sound: [2],
      findings: [expect.stringMatching(/^shard-base: .*d{12}.*b{12}/)],
    })
  })

  test('no base at all is how a screen ends', () => {
    const screened = { ...first, run: { ...first.run, base: null } }
    expect(check(screened, second)).toMatchObject({ sound: [1, 2], findings: [] })
  })

  test('a base side that was judged by another policy', () => {
    const { run } = first
    const gate = { ...plan.gate, failureLimit: 1 }
    const base = { ...run.head, side: 'base', commit: 'b'.repeat(40), plan: { ...plan, gate } } as const
    expect(check({ ...first, run: { ...run, base } }, second).findings).toEqual([
      expect.stringMatching(/^shard-policy/),
    ])
  })

  test('sides that are swapped', () => {
    const { run } = first
    const swapped = { ...first, run: { ...run, head: { ...run.head, side: 'base' } as const } }
    expect(check(swapped, second)).toMatchObject({
      sound: [2],
      findings: [expect.stringMatching(/^shard-commit: .*as its base/)],
    })
  })

  test('a machine of another class than the first shard', () => {
    const runnerClass = { ...header.runnerClass, id: 'gpu-2' }
    const { sound, findings } = check(first, recordingOf(secondOfTwo, { run: { runnerClass } }))
    expect(sound).toEqual([1])
    expect(findings).toEqual(['shard-runner: Shard 2/2 (rec-2) was measured on gpu-2, shard 1/2 on cpu-1.'])
  })

  test('all problems at once', () => {
    const { findings } = check(
      recordingOf(firstOfTwo, { run: { seed: 7, toolVersion: '9' }, gate: { maxPairs: 8 }, conclusion: null }),
    )
    expect(findings.map((text) => text.split(':')[0])).toEqual([
      'shard-unfinished',
      'shard-version',
      'shard-seed',
      'shard-policy',
      'shard-missing',
    ])
  })
})
