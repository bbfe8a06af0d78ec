import { studentFromNormal } from '../stats/normal.ts'
import type { AnchorScatter } from './anchor.ts'
import type { Cell } from './cells.ts'
import type { Effect } from './effect.ts'
import { hurdleAt, type PairNoise } from './hurdles.ts'
import type { Look } from './looks.ts'
import { suspicionLevel } from './screen.ts'
import { smallestConvicted } from './simulated-looks.ts'
import { screenDraw } from './simulated-pairs.ts'

/** A detectable effect is caught 95 times in 100. */
const power = 0.95

export interface DesignNoise extends PairNoise {
  /** How the window helps to clear the cell; null where it does not. */
  readonly anchor: AnchorScatter | null
  /** How the head trials of a screen compare with the window; null: pairs at once. */
  readonly screen: Omit<Effect, 'estimate'> | null
}

/**
 * Minimum detectable effect of one cell, as slowness: the smallest slowdown that these looks convict 95 times in 100,
 * after the screen has suspected it where there is one. By simulation of the judge's own boundaries under normal noise.
 *
 * @param looks as the run has them, or could have had them
 * @returns null when so few pairs are allowed that no sign-flip test can convict
 */
export function detectable(cell: Cell, looks: readonly Look[], noise: DesignNoise): number | null {
  const hurdles = looks.map((look) => hurdleAt(cell, look, noise))
  if (!hurdles.some(({ convicting }) => convicting !== null)) return null
  const { screen, anchor } = noise
  const caught = smallestConvicted(cell, hurdles, noise, anchor)
  if (screen) {
    const suspicious = suspicionLevel(cell, screen)
    for (const [run, effect] of caught.entries()) {
      const shift = screen.standardError * studentFromNormal(screenDraw(run), screen.degrees)
      caught[run] = Math.max(effect, suspicious - shift)
    }
  }
  const effect = caught.sort()[Math.ceil(power * caught.length) - 1] ?? Number.POSITIVE_INFINITY
  return Number.isFinite(effect) ? effect : null
}
