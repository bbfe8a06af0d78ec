import type { BaselineWindow } from '../model/baseline.ts'
import { isAmong, type Scenario } from '../model/scenario.ts'
import { type Shard, shardName } from '../model/shard.ts'
import { plural } from '../model/words.ts'
import { type Anchor, windowAnchors } from './anchor.ts'
import type { Cell } from './cells.ts'
import { changesOf, levelJobs } from './level-jobs.ts'
import { measuredOf } from './slowness.ts'
import { type CellNoise, fewestJobs, predictiveError, windowNoise } from './window-noise.ts'
import { whereOf } from './wording.ts'

/** A window that head trials can be compared with, or why there is none. */
export interface Comparable {
  readonly window: BaselineWindow | null
  /** What it says of each cell; empty without a window. */
  readonly noises: ReadonlyMap<string, CellNoise>
  /** How each single scenario stands to the others in it. */
  readonly anchors: ReadonlyMap<string, Anchor>
  /** Why pairs must do all the work; null when the window can screen. */
  readonly obstacle: string | null
}

/** The screen compares all scenarios or none: "all scenarios together" needs every one of them in the window. */
export function comparableWindow(
  window: BaselineWindow | null,
  scenarios: readonly Scenario[],
  cells: readonly Cell[],
  shard?: Shard,
): Comparable {
  if (!window) return incomparable(`${absent(shard)}: pairs alone decide.`)
  const changed = scenarios.filter((scenario) => !isAmong(scenario, window.scenarios))
  if (changed.length > 0) {
    const names = changed.map(({ name }) => `"${name}"`).join(', ')
    return incomparable(`The baseline has not measured ${names} as defined now: pairs alone decide.`)
  }
  const other = scenarios.find(({ name }) => hasOtherPercentile(window, name, cells))
  if (other) {
    return incomparable(`The baseline holds another percentile of "${other.name}": pairs alone decide.`)
  }
  const noises = windowNoise(window, cells)
  return { window, noises, anchors: windowAnchors(window, cells), obstacle: obstacleOf(window, noises, cells) }
}

function absent(shard: Shard | undefined): string {
  return shard
    ? `The baseline has no window for shard ${shardName(shard)} yet on this runner`
    : 'There is no baseline for this runner yet'
}

function incomparable(obstacle: string): Comparable {
  return { window: null, noises: new Map(), anchors: new Map(), obstacle }
}

function hasOtherPercentile(window: BaselineWindow, name: string, cells: readonly Cell[]): boolean {
  const expected = cells.find((cell) => cell.scenario === name)?.percentile
  const trials = window.jobs.flatMap((job) => job.trials)
  return trials.some((trial) => {
    const measured = measuredOf(trial, name)
    return measured !== undefined && measured.percentile !== expected
  })
}

/** The window, or the level in it, may be too young, or have no spread at all; its noise still helps to read pairs. */
function obstacleOf(
  window: BaselineWindow,
  noises: ReadonlyMap<string, CellNoise>,
  cells: readonly Cell[],
): string | null {
  for (const cell of cells) {
    const noise = noises.get(cell.key)
    const what = whereOf(cell)
    if (!noise || noise.jobs < fewestJobs) {
      return `The baseline holds ${plural(noise?.jobs ?? 0, 'job')} of ${what}${sinceChange(window, cell)}; a screen needs ${fewestJobs}: pairs alone decide.`
    }
    if (!predictiveError(noise, 1)) {
      return `The baseline has no spread in ${what}, so no boundary can be computed: pairs alone decide.`
    }
  }
  return null
}

/** ` since its level changed with 0123456789ab (accepted: the reason)`; nothing where it has not changed. */
function sinceChange(window: BaselineWindow, cell: Cell): string {
  const first = levelJobs(window, cell)[0]
  const change = first && changesOf(first, cell)[0]
  return change ? ` since its level changed with ${first.commit.slice(0, 12)} (${change.why})` : ''
}
