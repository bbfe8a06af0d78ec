import { mean } from 'simple-statistics'
import type { TrialEvidence } from '../model/trial.ts'
import { studentCdf, studentQuantile } from '../stats/student-t.ts'
import type { Cell } from './cells.ts'
import type { Effect } from './effect.ts'
import { clearedBelow } from './hurdles.ts'
import { present } from './pairs.ts'
import { slowness } from './slowness.ts'
import { type CellNoise, predictiveError } from './window-noise.ts'

/** A slowdown of the promised size escapes the screen once in 35 times: 1.9 standard errors of a normal variable. */
const caught = 0.9713

/** What the screen found of one cell. */
export interface Screened extends Effect {
  readonly trials: number
  readonly level: number
  /** Why the cell must be confirmed by pairs; null: nothing suspicious. */
  readonly suspect: 'slower' | 'faster' | null
}

/** Compares head trials with the window; null when the window allows no boundary. */
export function screenCell(
  cell: Cell,
  noise: CellNoise | undefined,
  trials: readonly TrialEvidence[],
): Screened | null {
  const values = present(trials.map((trial) => slowness(trial, cell.metric, cell.members)))
  const error = noise ? predictiveError(noise, values.length) : null
  if (!noise || !error || values.length < trials.length) return null
  const estimate = mean(values) - noise.level
  const slower = estimate >= suspicionLevel(cell, error)
  const faster = estimate <= -(cell.marginLog + studentQuantile(caught, error.degrees) * error.standardError)
  const suspect = slower ? 'slower' : faster ? 'faster' : null
  return { estimate, ...error, trials: values.length, level: noise.level, suspect }
}

/** From this slowness on a cell is suspicious: always from its margin on. */
export function suspicionLevel(cell: Cell, error: Omit<Effect, 'estimate'>): number {
  return clearedBelow(cell, studentQuantile(caught, error.degrees), error.standardError)
}

/** Probability that a cell without any change is suspected of being slower. */
export function suspicionOfNoChange(cell: Cell, error: Omit<Effect, 'estimate'>): number {
  return 1 - studentCdf(suspicionLevel(cell, error) / error.standardError, error.degrees)
}

/** The cells that pairs must decide: the suspicious ones, and all of a metric when "all scenarios" is suspicious. */
export function suspiciousCells(cells: readonly Cell[], screened: ReadonlyMap<string, Screened>): Cell[] {
  const metrics = cells
    .filter((cell) => cell.scenario === null && screened.get(cell.key)?.suspect)
    .map((cell) => cell.metric)
  return cells.filter((cell) => metrics.includes(cell.metric) || screened.get(cell.key)?.suspect)
}
