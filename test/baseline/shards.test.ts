import { describe, expect, it } from 'vitest'
import {
  appendJob,
  parseBaseline,
  serialiseBaseline,
  windowFor,
  windowKey,
  windowOfRunner,
  windowWithin,
} from '../../src/baseline/index.ts'
import type { BaselineFile, BaselineWindow } from '../../src/model/baseline.ts'
import { defaultPolicy } from '../../src/model/policy.ts'
import type { Shard } from '../../src/model/shard.ts'
import { refusalOf } from '../plan/refusal.ts'
import { common, file, job, runnerClass, scenario } from './sample.ts'

const second: Shard = { index: 2, count: 4 }
const key = 'rtx-2060-5f3a9c1e shard 2/4'
const append = (before: BaselineFile | null, shard: Shard, latencies = [100, 101], commit = 'd'.repeat(40)) =>
  appendJob(before, { ...common, policy: { ...defaultPolicy, shard }, job: job(latencies, { commit }) })

describe('the window of a shard', () => {
  it('stands under the runner class and the shard', () => {
    expect(windowKey({ runnerClass })).toBe('rtx-2060-5f3a9c1e')
    expect(windowKey({ runnerClass, shard: second })).toBe(key)
  })

  it('grows by itself, beside that of the whole and those of other shards', () => {
    const first = append(append(file(), second), { index: 1, count: 4 })
    const after = append(first, second, [102], 'e'.repeat(40))
    expect(Object.keys(after.windows).sort()).toEqual([runnerClass.id, `${runnerClass.id} shard 1/4`, key])
    expect(after.windows[key]).toMatchObject({ runnerClass, shard: second, scenarios: [scenario] })
    expect(after.windows[key]?.jobs.map(({ commit }) => commit[0])).toEqual(['d', 'e'])
    expect(after.windows[runnerClass.id]).toEqual(file().windows[runnerClass.id])
    expect(after.windows[`${runnerClass.id} shard 1/4`]?.jobs).toHaveLength(1)
  })

  it('takes a job once, whichever other shard measured the same commit in the same run', () => {
    const after = append(append(null, second), { index: 3, count: 4 })
    expect(append(after, second)).toBe(after)
  })

  it('is read back as it was written, and found by its shard alone', () => {
    const read = parseBaseline(serialiseBaseline(append(null, second)))
    expect(read).toEqual(append(null, second))
    expect(windowFor(read, { runnerClass, shard: second })?.jobs).toHaveLength(1)
    expect(windowFor(read, { runnerClass })).toBeNull()
    expect(windowFor(read, { runnerClass, shard: { index: 2, count: 2 } })).toBeNull()
  })

  it('is refused when the hardware behind the same id differs', () => {
    const other = { ...runnerClass, cores: 64 }
    expect(() => windowFor(append(null, second), { runnerClass: other, shard: second })).toThrow(
      /"rtx-2060-5f3a9c1e shard 2\/4" was recorded on .*12 cores.*64 cores/,
    )
  })

  it.each([
    ['the shard is another one', { index: 3, count: 4 }, 'rtx-2060-5f3a9c1e shard 3/4'],
    ['there is no shard', undefined, 'saw "rtx-2060-5f3a9c1e"'],
    ['it lies past the last', { index: 5, count: 4 }, 'past the last'],
    ['it says more', { index: 2, count: 4, of: 'x' }, 'of'],
  ])('makes the file a broken one where %s', (_, shard, seen) => {
    const copy = JSON.parse(serialiseBaseline(append(null, second))) as { windows: Record<string, { shard?: unknown }> }
    const window = copy.windows[key]
    if (!window) throw new Error('expected a window')
    window.shard = shard
    const { code, message } = refusalOf(() => parseBaseline(JSON.stringify(copy)))
    expect(code).toBe('invalid')
    expect(message).toContain(seen)
  })
})

describe('a baseline that has no window for a shard', () => {
  const read = (text: string | null, shard?: Shard, id = runnerClass.id) =>
    windowOfRunner(
      text,
      'baseline.json',
      { runnerClass: { ...runnerClass, id }, ...(shard && { shard }) },
      'Calibrate.',
    )
  const whole = serialiseBaseline(file())
  const shards = serialiseBaseline(append(append(null, second), { index: 1, count: 4 }))

  it('is no baseline yet where it knows the machine: as a whole, or as other shards', () => {
    expect(read(whole, second)).toBeNull()
    expect(read(shards, { index: 3, count: 4 })).toBeNull()
    expect(read(shards)).toBeNull()
    expect(read(shards, second)?.shard).toEqual(second)
  })

  it('is refused where it knows only other machines, each of which is named once', () => {
    const { message, hint } = refusalOf(() => read(shards, second, 'a100-00000000'))
    expect(message).toBe('The baseline baseline.json was measured on rtx-2060-5f3a9c1e; this runner is a100-00000000.')
    expect(hint).toBe('Calibrate.')
  })
})

describe('a window within fewer scenarios', () => {
  const other = { ...scenario, name: 'other' }
  const both = job([100, 101])
  const trials = both.trials.map((trial, index) => ({
    ...trial,
    scenarios: { ...trial.scenarios, ...job([50 + index], {}, 'other').trials[0]?.scenarios },
  }))
  const best = { value: 100, spread: 0.01, degrees: 4, commit: both.commit, at: both.at, slower: null }
  const window: BaselineWindow = {
    runnerClass,
    shard: second,
    scenarios: [scenario, other],
    jobs: [{ ...both, trials }],
    best: [
      { ...best, scenario: null, metric: 'latencyTail' },
      { ...best, scenario: 'other', metric: 'latencyTail' },
      { ...best, scenario: scenario.name, metric: 'latencyTail' },
    ],
  }

  it('has never measured the others: a scenario that moved to another shard is not missing here', () => {
    const left = windowWithin(window, [scenario])
    expect(left?.scenarios).toEqual([scenario])
    expect(left?.shard).toEqual(second)
    expect(left?.jobs[0]?.trials.map((trial) => Object.keys(trial.scenarios))).toEqual([
      [scenario.name],
      [scenario.name],
    ])
    expect(left?.best.map((level) => level.scenario)).toEqual([scenario.name])
  })

  it('is itself where nothing is gone, whatever is new', () => {
    expect(windowWithin(window, [other, scenario, { ...scenario, name: 'new' }])).toBe(window)
  })

  it('forgets what is other work by now, under whatever name', () => {
    expect(windowWithin(window, [{ ...scenario, requests: 61 }, other])?.scenarios).toEqual([other])
  })

  it('is none where nothing is left', () => {
    expect(windowWithin(window, [])).toBeNull()
  })
})
