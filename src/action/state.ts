import { getState, saveState } from '@actions/core'
import type { Footprint } from '../session.ts'

/** The one place that knows the names of what main leaves to post. */
const footprintKey = 'footprint'

export function saveFootprint(footprint: Footprint): void {
  saveState(footprintKey, JSON.stringify(footprint))
}

/** Null when the main step ended before it had anything to take away. */
export function readFootprint(): Footprint | null {
  const text = getState(footprintKey)
  return text === '' ? null : (JSON.parse(text) as Footprint)
}
