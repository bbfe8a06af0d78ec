import { describe, expect, it } from 'vitest'
import { appendJob, parseBaseline, serialiseBaseline, windowFor } from '../../src/baseline/index.ts'
import { type BaselineFile, type BaselineJob, windowJobs } from '../../src/model/baseline.ts'
import { common, file, job, now, runnerClass, scenario } from './sample.ts'

const day = (number: number) => `2026-03-${String(number).padStart(2, '0')}T00:00:00.000Z`
const run = (number: number) => `https://github.com/acme/llm-server/actions/runs/${number}`

/** A push on a day of March; its run and its commit carry the day too. */
function push(number: number, change: Partial<BaselineJob> = {}): BaselineJob {
  return job([100 + number], { at: day(number), runUrl: run(number), commit: `${number}`.padStart(40, '0'), ...change })
}

function append(before: BaselineFile | null, ...jobs: BaselineJob[]): BaselineFile {
  const after = jobs.reduce<BaselineFile | null>(
    (present, next) => appendJob(present, { ...common, job: next }),
    before,
  )
  if (!after) throw new Error('nothing was appended')
  return after
}

const jobsOf = (after: BaselineFile) => after.windows[runnerClass.id]?.jobs ?? []
const daysOf = (after: BaselineFile) => jobsOf(after).map(({ at }) => new Date(at).getUTCDate())

describe('the window', () => {
  it('starts with the first job', () => {
    const after = append(null, push(1))
    expect(jobsOf(after)).toEqual([push(1)])
    expect(after).toMatchObject({ schema: 'llm-perf-baseline/1', toolVersion: '0.1.0', updatedAt: now.toISOString() })
  })

  it('keeps the newest eight jobs, oldest first', () => {
    expect(windowJobs).toBe(8)
    const after = append(null, ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((number) => push(number)))
    expect(daysOf(after)).toEqual([3, 4, 5, 6, 7, 8, 9, 10])
  })

  it('keeps the newest calibration besides, however old it is', () => {
    const calibrations = [push(1, { kind: 'calibration' }), push(2, { kind: 'calibration' })]
    const after = append(null, ...calibrations, ...[3, 4, 5, 6, 7, 8, 9, 10, 11].map((number) => push(number)))
    expect(daysOf(after)).toEqual([2, 4, 5, 6, 7, 8, 9, 10, 11])
  })

  it('orders jobs by time, not by who wrote first', () => {
    const west = push(3, { at: '2026-03-03T23:00:00.000-02:00' })
    expect(jobsOf(append(null, push(5), west, push(1), push(4))).map(({ at }) => at)).toEqual([
      day(1),
      day(4),
      west.at,
      day(5),
    ])
  })

  it('leaves the windows of other runner classes alone', () => {
    const other = { ...runnerClass, id: 'a100-1', gpu: null }
    const after = appendJob(file(), { ...common, runnerClass: other, job: push(1) })
    expect(after.windows[runnerClass.id]).toEqual(file().windows[runnerClass.id])
    expect(Object.keys(after.windows).sort()).toEqual(['a100-1', runnerClass.id])
  })

  it('does not change the file that it was given', () => {
    const before = file()
    const text = serialiseBaseline(before)
    append(before, push(9))
    expect(serialiseBaseline(before)).toBe(text)
  })
})

describe('the same job twice', () => {
  it('of one commit and run changes nothing, whatever the clock says', () => {
    const once = append(null, push(1))
    const twice = appendJob(once, { ...common, now: new Date(day(20)), job: push(1, { at: day(20) }) })
    expect(serialiseBaseline(twice)).toBe(serialiseBaseline(once))
  })

  it('of one commit in another run is another measurement', () => {
    expect(jobsOf(append(null, push(1), push(1, { runUrl: run(2), at: day(2) })))).toHaveLength(2)
  })

  it('without a run address is told apart by its time', () => {
    const local = push(1, { runUrl: null })
    expect(jobsOf(append(null, local, local))).toHaveLength(1)
    expect(jobsOf(append(null, local, { ...local, at: day(2) }))).toHaveLength(2)
  })

  it('after a lost race both jobs are kept, in either order', () => {
    const start = file()
    const one = append(append(start, push(10)), push(11))
    const other = append(append(start, push(11)), push(10))
    expect(serialiseBaseline(one)).toBe(serialiseBaseline(other))
    expect(jobsOf(one)).toHaveLength(3)
  })
})

describe('a scenario whose definition changes', () => {
  const second = { ...scenario, name: 'p512-o8-c1' }
  const both = (number: number): BaselineJob => {
    const [one, two] = [push(number), job([50], {}, second.name)]
    const trials = one.trials.map((trial, index) => ({
      ...trial,
      scenarios: { ...trial.scenarios, ...two.trials[index]?.scenarios },
    }))
    return { ...one, trials }
  }

  it('starts again: older jobs lose its metrics and keep the others', () => {
    const before = appendJob(null, { ...common, scenarios: [scenario, second], job: both(1) })
    const changed = { ...second, requests: 61 }
    const after = appendJob(before, { ...common, scenarios: [scenario, changed], job: both(2) })
    expect(after.windows[runnerClass.id]?.scenarios).toEqual([scenario, changed])
    const measured = jobsOf(after).map(({ trials }) => trials.map(({ scenarios }) => Object.keys(scenarios)))
    expect(measured).toEqual([[[scenario.name]], [[scenario.name, second.name]]])
  })

  it('takes jobs away that measured nothing else', () => {
    const changed = { ...scenario, concurrency: 5 }
    const after = appendJob(append(null, push(1)), { ...common, scenarios: [changed], job: push(2) })
    expect(daysOf(after)).toEqual([2])
  })

  it('a scenario that leaves the matrix leaves the window', () => {
    const before = appendJob(null, { ...common, scenarios: [scenario, second], job: both(1) })
    const after = append(before, push(2))
    expect(serialiseBaseline(after)).not.toContain(second.name)
    expect(daysOf(after)).toEqual([1, 2])
  })
})

describe('the level that the window tells', () => {
  /** Latencies that differ by 1 % from job to job and from trial to trial. */
  const level = (number: number, latency: number, change: Partial<BaselineJob> = {}): BaselineJob => {
    const base = latency * (1 + 0.01 * Math.sin(number * 2.3))
    return { ...job([base * 0.996, base * 1.004]), ...idOf(number), ...change }
  }
  const idOf = (number: number) => ({ at: day(number), runUrl: run(number), commit: `${number}`.padStart(40, '0') })
  const days = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)
  const bestOf = (after: BaselineFile) => after.windows[runnerClass.id]?.best ?? []
  const before = append(null, ...days(1, 8).map((number) => level(number, 100)))
  const accepted = [{ scenario: null, metric: null, reason: 'a larger model', source: 'commit 9' }]

  it('is kept at its best for each metric, with the job that set it', () => {
    expect(bestOf(before)).toMatchObject([
      { scenario: scenario.name, metric: 'latencyTail', commit: '4'.padStart(40, '0'), at: day(4), slower: null },
      { scenario: scenario.name, metric: 'tokensPerSecond', slower: null },
    ])
    expect(bestOf(before)[0]?.value).toBeGreaterThan(98)
    expect(bestOf(before)[0]?.value).toBeLessThan(102)
  })

  it('outlives the window: main is called slower when nothing is left of its better days', () => {
    const after = append(before, ...days(9, 18).map((number) => level(number, 130)))
    expect(daysOf(after)[0]).toBe(11)
    expect(bestOf(after)[0]).toMatchObject({ at: day(4), slower: { at: day(9) } })
    expect(bestOf(after)[0]?.slower?.by).toBeCloseTo(0.3, 1)
  })

  it('is marked where it changed, once', () => {
    const after = append(before, ...days(9, 14).map((number) => level(number, 130)))
    const marks = jobsOf(after).flatMap(({ at, shifts }) => shifts.map((shift) => ({ at, ...shift })))
    expect(marks).toMatchObject([
      { at: day(9), scenario: scenario.name, metric: 'latencyTail' },
      { at: day(9), scenario: scenario.name, metric: 'tokensPerSecond' },
    ])
    expect(marks[0]?.by).toBeCloseTo(0.3, 1)
    expect(serialiseBaseline(parseBaseline(serialiseBaseline(after)))).toBe(serialiseBaseline(after))
  })

  it('starts again with an accepted slowdown', () => {
    const slow = append(before, level(9, 130, { accepted }))
    expect(bestOf(slow)).toEqual([])
    const after = append(slow, ...days(10, 12).map((number) => level(number, 130)))
    expect(bestOf(after)[0]).toMatchObject({ at: day(12), slower: null })
    expect(bestOf(after)[0]?.value).toBeGreaterThan(125)
    expect(jobsOf(after).flatMap(({ shifts }) => shifts)).toEqual([])
  })

  it('starts again with a scenario that is defined anew', () => {
    const changed = { ...scenario, requests: 61 }
    const after = appendJob(before, { ...common, scenarios: [changed], job: level(9, 130) })
    expect(bestOf(after)).toEqual([])
  })

  it('is the same whoever wins a race', () => {
    const [nine, ten] = [level(9, 130), level(10, 130)]
    expect(serialiseBaseline(append(append(before, nine), ten))).toBe(
      serialiseBaseline(append(append(before, ten), nine)),
    )
  })
})

describe('a job that would poison the baseline is refused', () => {
  it('when a scenario of the matrix was not measured', () => {
    const scenarios = [scenario, { ...scenario, name: 'other' }]
    expect(() => appendJob(null, { ...common, scenarios, job: push(1) })).toThrow(/no trial measured other/)
  })

  it('when it has no trials', () => {
    expect(() => append(null, push(1, { trials: [] }))).toThrow(/no trial measured p128-o64-c4/)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 0])('when a latency is %s', (latency) => {
    expect(() => append(null, job([latency]))).toThrow(/latencyTail/)
  })
})

describe('the window of a runner class', () => {
  it('is found by its id', () => {
    expect(windowFor(file(), { runnerClass })?.jobs).toHaveLength(1)
  })

  it.each(['another', 'constructor', 'toString'])('is null when there is none (%s)', (id) => {
    expect(windowFor(file(), { runnerClass: { ...runnerClass, id } })).toBeNull()
  })

  it('is refused when the hardware behind the same id differs', () => {
    const other = { ...runnerClass, cores: 64 }
    expect(() => windowFor(file(), { runnerClass: other })).toThrow(/12 cores.*but this runner is.*64 cores/)
  })
})

describe('the text of the file', () => {
  it('does not depend on the order of keys', () => {
    const names = ['c', 'a', 'b']
    const scenarios = names.map((name) => ({ ...scenario, name }))
    const trials = job([100]).trials.map((trial) => ({
      ...trial,
      scenarios: Object.fromEntries(
        names.flatMap((name) => Object.entries(job([100], {}, name).trials[0]?.scenarios ?? {})),
      ),
    }))
    const other = { ...runnerClass, id: 'a100-1' }
    const wide = appendJob(file(), { ...common, runnerClass: other, scenarios, job: job([], { trials }) })
    const reversed = JSON.parse(serialiseBaseline(wide), (_, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).reverse())
        : value,
    ) as BaselineFile
    expect(serialiseBaseline(reversed)).toBe(serialiseBaseline(wide))
  })

  it('is pretty, ends with a newline, and reads back', () => {
    const text = serialiseBaseline(file())
    expect(text.endsWith('}\n')).toBe(true)
    expect(text.split('\n').slice(0, 5)).toEqual([
      '{',
      '  "schema": "llm-perf-baseline/1",',
      '  "toolVersion": "0.1.0",',
      '  "quantileMethod": "harrell-davis",',
      '  "updatedAt": "2026-03-02T00:00:00.000Z",',
    ])
    expect(serialiseBaseline(parseBaseline(text))).toBe(text)
  })

  it('one more job only adds lines, but for the time of the update', () => {
    const before = new Set(serialiseBaseline(append(null, push(1))).split('\n'))
    const after = new Set(serialiseBaseline(append(append(null, push(1)), push(2))).split('\n'))
    const gone = [...before].filter((line) => !after.has(line))
    expect(gone).toEqual([])
  })
})
