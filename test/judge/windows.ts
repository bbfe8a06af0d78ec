import { type Cell, cellsOf } from '../../src/judge/cells.ts'
import type { BaselineJob, BaselineWindow } from '../../src/model/baseline.ts'
import { defaultPolicy } from '../../src/model/policy.ts'
import { normal as standardNormal } from '../../src/stats/normal.ts'
import { seededRandom } from '../../src/stats/random.ts'
import { measured, quietWindow, scenario } from './evidence.ts'

/** Windows made by hand, job by job: slowness of each scenario's tail latency, by scenario name. */
export type Level = Readonly<Record<string, number>>

export const frame = quietWindow([scenario('a')], () => ({ a: measured(10, 1) }), 1)

const random = seededRandom(5)
export const normal = () => standardNormal(random)

/** Job number `index`, on that day of 2026, with two trials that differ by 1 %. */
export function jobAt(index: number, level: Level, given: Partial<BaselineJob> = {}): BaselineJob {
  const trials = [-0.005, 0.005].map((off, n) => ({
    id: `b${n}`,
    startedAt: day(index),
    startupMs: 1,
    scenarios: Object.fromEntries(
      Object.entries(level).map(([name, slow]) => [
        name,
        measured(10, 1, { latencyTail: 100 * Math.exp(slow + off), tokensPerSecond: 50 * Math.exp(0.005 * normal()) }),
      ]),
    ),
  }))
  const commit = index.toString(16).padStart(40, '0')
  return { commit, at: day(index), kind: 'push', runUrl: null, accepted: [], shifts: [], trials, ...given }
}

export const day = (index: number) => new Date(Date.UTC(2026, 0, 1 + index)).toISOString()

export function windowOf(jobs: readonly BaselineJob[], given: Partial<BaselineWindow> = {}): BaselineWindow {
  const names = Object.keys(jobs[0]?.trials[0]?.scenarios ?? {})
  return { ...frame, scenarios: names.map((name) => scenario(name)), jobs, best: [], ...given }
}

export function cellsIn(window: BaselineWindow): Cell[] {
  return cellsOf(window.scenarios, defaultPolicy)
}

/** The tail latency of a scenario, or of all together. */
export function tailOf(cells: readonly Cell[], scenario: string | null): Cell {
  const cell = cells.find((one) => one.metric === 'latencyTail' && one.scenario === scenario)
  if (!cell) throw new Error(`there is no cell of ${scenario}`)
  return cell
}
