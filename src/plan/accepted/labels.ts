import { everything } from '../../model/accepted.ts'
import { nearestName } from '../nearest.ts'

/** Everything that a pull request slows down is taken; with a scenario and a metric behind it, only that. */
export const acceptLabel = 'llm-perf: accept'

const labelForm = /^llm-perf:\s*accept(?:\s+(?<scope>.+))?$/i
/** Names that look much like the label and mean something else. */
const others = ['llm-perf-action']

/** A label that accepts (`scope`: its scenario and metric), one that was meant to, or null: one of something else. */
export type LabelMeaning = { readonly kind: 'accepts'; readonly scope: string } | { readonly kind: 'misspelt' } | null

/** Case does not matter in labels: GitHub has no two that differ in nothing else. */
export function labelMeaning(name: string): LabelMeaning {
  const match = labelForm.exec(name.trim())
  if (match) return { kind: 'accepts', scope: match.groups?.scope ?? `${everything} ${everything}` }
  const spelled = name.toLowerCase().split(/[\s_:-]+/)
  const start = spelled.slice(0, 3).join('-')
  const key = 'llm-perf-accept'
  return nearestName(start, [key, ...others]) === key ? { kind: 'misspelt' } : null
}
