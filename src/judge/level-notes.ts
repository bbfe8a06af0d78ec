import { metrics } from '../metrics/index.ts'
import type { BaselineWindow, BestLevel } from '../model/baseline.ts'
import type { GatePolicy } from '../model/policy.ts'
import { isAmong, type Scenario } from '../model/scenario.ts'
import { asSentence } from '../model/words.ts'
import { bestOf } from './best-level.ts'
import { type Cell, cellsOf } from './cells.ts'
import { changesIn, type LevelChange } from './level-jobs.ts'
import { nameOf, percent } from './wording.ts'

/** Cells named in one sentence. */
const mostNamed = 3

/**
 * Says where the default branch is already slower than the best level that it kept up. It blames nobody and decides
 * nothing: a change is held against the branch as it is now.
 *
 * @returns one sentence for a person, or none
 */
export function creepNotes(
  window: BaselineWindow | null,
  scenarios: readonly Scenario[],
  policy: GatePolicy,
): readonly string[] {
  if (!window) return []
  const slow = slowCells(window, scenarios, policy)
  if (slow.length === 0) return []
  const named = slow.slice(0, mostNamed).map(describe)
  const more = slow.length > mostNamed ? `; and ${slow.length - mostNamed} more` : ''
  return [
    `The default branch is already slower than its best sustained level: ${named.join('; ')}${more}. Pull requests are held against the branch as it is now, and are not blamed for that.`,
  ]
}

/** Says from which job on the window tells a level, where that changed: what came before only tells the noise. */
export function restartNotes(window: BaselineWindow, policy: GatePolicy): string[] {
  const cells = cellsOf(window.scenarios, policy)
  return window.jobs.flatMap((job) =>
    changesIn(job).flatMap((change) => {
      const label = labelOf(change, cells)
      const since = `new level since ${named(job)}, ${change.why}`
      return label === null ? [] : `${label}: ${asSentence(since)} Earlier jobs only tell the noise within a job.`
    }),
  )
}

interface SlowCell {
  readonly cell: Cell
  readonly best: BestLevel
  readonly slower: NonNullable<BestLevel['slower']>
}

/** All scenarios together first, then the slowest. */
function slowCells(window: BaselineWindow, scenarios: readonly Scenario[], policy: GatePolicy): SlowCell[] {
  const known = scenarios.filter((scenario) => isAmong(scenario, window.scenarios))
  const slow = cellsOf(scenarios, policy).flatMap((cell) => {
    const best = bestOf(window, cell)
    if (!best?.slower || !cell.members.every((name) => known.some((scenario) => scenario.name === name))) return []
    return [{ cell, best, slower: best.slower }]
  })
  const isOne = ({ cell }: SlowCell) => Number(cell.scenario !== null)
  return slow.toSorted((a, b) => isOne(a) - isOne(b) || b.slower.by - a.slower.by)
}

function describe({ cell, best, slower }: SlowCell): string {
  return `${nameOf(cell)} by ${percent(slower.by, 'unsigned')} since ${named(slower)}, against that of ${named(best)}`
}

/** `0123456789ab (2026-03-02)` */
function named({ commit, at }: { readonly commit: string; readonly at: string }): string {
  return `${commit.slice(0, 12)} (${at.slice(0, 10)})`
}

/** Null for a scenario that is no longer there. */
function labelOf({ scenario, metric }: LevelChange, cells: readonly Cell[]): string | null {
  const concerned = cells.filter((cell) => scenario === null || cell.scenario === scenario)
  const cell = concerned.findLast((one) => metric === null || one.metric === metric)
  if (!cell) return null
  const where = scenario === null ? 'all scenarios' : `"${scenario}"`
  return `${metric === null ? 'Everything' : metrics[metric].label(cell.percentile)} of ${where}`
}
