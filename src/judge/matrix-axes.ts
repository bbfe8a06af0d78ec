import type { Scenario } from '../model/scenario.ts'
import { rangeOf } from './wording.ts'

/** A property of scenarios that may set a part of the matrix apart. */
interface Axis {
  readonly low: string
  readonly high: string
  readonly unit: string
  /** Null where a scenario has none of it. */
  of(scenario: Scenario): number | null
}

const prompts: Axis = {
  low: 'with short prompts',
  high: 'with long prompts',
  unit: ' tokens',
  of: ({ promptTokens }) => promptTokens,
}

const answers: Axis = {
  low: 'with short answers',
  high: 'with long answers',
  unit: ' tokens',
  of: ({ outputTokens }) => outputTokens,
}

const concurrency: Axis = {
  low: 'at low concurrency',
  high: 'at high concurrency',
  unit: '',
  of: (scenario) => (scenario.arrivals === null ? scenario.concurrency : null),
}

const rate: Axis = {
  low: 'at low request rates',
  high: 'at high request rates',
  unit: '/s',
  of: ({ arrivals }) => arrivals?.requestsPerSecond ?? null,
}

/** One end of an axis that holds all of some scenarios, in words: `with long prompts (512 tokens)`. */
export interface Part {
  readonly inside: string
  readonly outside: string
}

interface Candidate extends Part {
  readonly leavesOut: readonly Scenario[]
}

/** What sets some scenarios apart: one property; one of several that all would do; or two that are needed both. */
export interface Split {
  readonly kind: 'one' | 'any-of' | 'both-needed'
  readonly parts: readonly Part[]
}

/**
 * The ends of axes that hold all of `group` and none of `others`.
 *
 * @param isPrefill what sets them apart shows before the first token, so that the length of the answer cannot be it
 * @returns null where neither one axis nor two together set them apart
 */
export function holdingParts(
  group: readonly Scenario[],
  others: readonly Scenario[],
  isPrefill: boolean,
): Split | null {
  const axes = isPrefill ? [prompts, concurrency, rate] : [prompts, answers, concurrency, rate]
  const candidates = axes.flatMap((axis) => endOf(axis, group, others))
  const alone = candidates.filter(({ leavesOut }) => leavesOut.length === others.length)
  if (alone.length > 0) return { kind: alone.length === 1 ? 'one' : 'any-of', parts: alone }
  const both = candidates.flatMap((one, index) =>
    candidates.slice(index + 1).flatMap((other) => {
      const leavesOut = new Set([...one.leavesOut, ...other.leavesOut])
      return leavesOut.size === others.length ? [[one, other]] : []
    }),
  )
  const [only, ...more] = both
  return only && more.length === 0 ? { kind: 'both-needed', parts: only } : null
}

/** The end of the axis that holds the group, if the others are not on both sides of it. */
function endOf(axis: Axis, group: readonly Scenario[], others: readonly Scenario[]): Candidate[] {
  const values = valuesOf(axis, group)
  if (values === null || valuesOf(axis, others) === null) return []
  const place = (scenario: Scenario) => axis.of(scenario) ?? Number.NaN
  const below = others.filter((scenario) => place(scenario) < Math.min(...values))
  const above = others.filter((scenario) => place(scenario) > Math.max(...values))
  if (below.length > 0 === above.length > 0) return []
  const [inside, outside] = below.length > 0 ? [axis.high, axis.low] : [axis.low, axis.high]
  const leavesOut = [...below, ...above]
  return [
    {
      inside: `${inside} (${rangeOf(values)}${axis.unit})`,
      outside: `${outside} (${rangeOf(leavesOut.map(place))}${axis.unit})`,
      leavesOut,
    },
  ]
}

function valuesOf(axis: Axis, scenarios: readonly Scenario[]): number[] | null {
  const values = scenarios.flatMap((scenario) => axis.of(scenario) ?? [])
  return values.length === scenarios.length ? values : null
}
