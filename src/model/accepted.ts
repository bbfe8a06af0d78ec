import type { GatedMetric } from '../metrics/index.ts'
import { asSentence } from './words.ts'

/** A slowdown that the team takes on purpose, for one pull request: it ends with the merge. */
export interface AcceptedSlowdown {
  /** Null: every scenario, and all scenarios together. */
  readonly scenario: string | null
  /** Null: every gated metric. */
  readonly metric: GatedMetric | null
  /** Why, in the words of whoever accepted it; never empty. */
  readonly reason: string
  /** Where it was said, for a reader: `commit 0123456789ab by Ada`, `label "llm-perf: accept"`. */
  readonly source: string
}

/** True where the acceptance takes a slowdown of this scenario (null: of all together) in this metric. */
export function covers(accepted: AcceptedSlowdown, place: Pick<AcceptedSlowdown, 'scenario' | 'metric'>): boolean {
  const { scenario, metric } = accepted
  return (metric === null || metric === place.metric) && (scenario === null || scenario === place.scenario)
}

/** Stands for every scenario, or every metric. */
export const everything = 'all'

/** How people name a gated metric when they accept its slowdown; the first word is the one that is shown. */
export const metricWords = {
  latencyTail: ['latency'],
  tokensPerSecond: ['tokens/s', 'tokens-per-second'],
} as const satisfies Record<GatedMetric, readonly [string, ...string[]]>

/** `long-prompt latency`, as it is written in a trailer. */
export function scopeOf({ scenario, metric }: Pick<AcceptedSlowdown, 'scenario' | 'metric'>): string {
  return `${scenario ?? everything} ${metric === null ? everything : metricWords[metric][0]}`
}

/** Who accepted it, and why, to go on with after "by": `commit 0123456789ab by Ada: grammar checking is on now.` */
export function acceptedBy({ source, reason }: Pick<AcceptedSlowdown, 'source' | 'reason'>): string {
  return `${source}: ${asSentence(reason)}`
}

/** What a commit says, as far as an acceptance can stand in it. */
export interface CommitMessage {
  readonly sha: string
  /** Name of its author. */
  readonly author: string
  /** Title and body. */
  readonly message: string
}
