/** When requests of an open loop are due: whatever the server does, they come. */
export interface Arrivals {
  /** Mean rate. */
  readonly requestsPerSecond: number
  /**
   * Shape of the gamma distribution of the gaps: 1 is Poisson, above 1 more regular, below 1 burstier. Null: constant
   * gaps.
   */
  readonly burstiness: number | null
}

/** What a request must keep to count as good, milliseconds; null: no such limit. At least one is given. */
export interface Objectives {
  readonly ttftMs: number | null
  readonly tpotMs: number | null
  readonly latencyMs: number | null
}

/** Prompts of the team's own, in place of made ones. */
export interface PromptFile {
  /** Relative to the root of the checkout. */
  readonly file: string
  /** Of the file's text (UTF-8, line ends of one kind), in hex: other prompts are another scenario. */
  readonly sha256: string
}

/**
 * One cell of the benchmark matrix. Two scenarios are comparable only if every field is equal, so a change of any
 * field needs a new name (the default name spells out the fields).
 */
export interface Scenario {
  /** Unique in the matrix, e.g. `p128-o64-c4`. */
  readonly name: string
  /**
   * Of each made prompt. With a prompt file nominal: a token for every four characters of its mean prompt; what the
   * server counts is reported, and judged by nothing.
   */
  readonly promptTokens: number
  readonly outputTokens: number
  /** `at-most`: the model ends its answer where it wants to; an API that could forbid it does not. */
  readonly outputLength: 'exact' | 'at-most'
  /**
   * Closed loop: requests kept in flight. Open loop: most requests in flight, where the others wait and their wait
   * counts; null: no limit.
   */
  readonly concurrency: number | null
  /** Null: closed loop, where the next request leaves when one has ended. */
  readonly arrivals: Arrivals | null
  /** Closed loop: pause between the end of an answer and the next request of the same stream. */
  readonly thinkTimeMs: number
  /** The load rises evenly over this time, as part of the warm-up. */
  readonly rampSeconds: number
  /** Measured requests in one trial, warm-up not counted; the least number where a time is given too. */
  readonly requests: number
  /** Measuring goes on until this time has passed as well; 0: the number of requests alone decides. */
  readonly minSeconds: number
  readonly streaming: boolean
  /** Null: prompts are made. */
  readonly prompts: PromptFile | null
  /** Null: goodput is not asked for. */
  readonly objectives: Objectives | null
}

/** A closed loop without pauses, ramp or time, on made prompts, with exact answers: a scenario that says nothing else. */
export const plainLoad = {
  outputLength: 'exact',
  arrivals: null,
  thinkTimeMs: 0,
  rampSeconds: 0,
  minSeconds: 0,
  prompts: null,
  objectives: null,
} as const satisfies Partial<Scenario>

/**
 * Measured requests that a trial of the scenario has at the least. An open loop has exactly these: its schedule is known
 * beforehand. A closed loop has them exactly where no time is asked for.
 */
export function fewestRequests({
  requests,
  arrivals,
  minSeconds,
}: Pick<Scenario, 'requests' | 'arrivals' | 'minSeconds'>): number {
  return arrivals === null ? requests : Math.max(requests, Math.ceil(arrivals.requestsPerSecond * minSeconds))
}

/** True where an answer shorter than asked for is a whole one. */
export function mayEndEarly({ outputLength }: Pick<Scenario, 'outputLength'>): boolean {
  return outputLength === 'at-most'
}

/**
 * The name a scenario gets when the user gives none: its sizes, then whatever is not plain. `p128-o64-c4`,
 * `p128-o64-r10-poisson`, `p128-o64-r10-const-c8-nostream`.
 */
export function defaultScenarioName(scenario: Omit<Scenario, 'name'>, size = sizeName(scenario)): string {
  const { concurrency, arrivals, thinkTimeMs, rampSeconds, minSeconds } = scenario
  return [
    size,
    ...(arrivals ? [`r${arrivals.requestsPerSecond}`, gapsName(arrivals)] : []),
    ...(concurrency === null ? [] : [`c${concurrency}`]),
    ...(thinkTimeMs > 0 ? [`think${thinkTimeMs}ms`] : []),
    ...(rampSeconds > 0 ? [`ramp${rampSeconds}s`] : []),
    ...(minSeconds > 0 ? [`${minSeconds}s`] : []),
    ...(mayEndEarly(scenario) ? ['atmost'] : []),
    ...(scenario.streaming ? [] : ['nostream']),
  ].join('-')
}

/** `p128-o64`; with prompts of the team's own, the name of their file: `support-o64`. */
export function sizeName({ prompts, promptTokens, outputTokens }: Omit<Scenario, 'name'>): string {
  return `${prompts === null ? `p${promptTokens}` : stemOf(prompts.file)}-o${outputTokens}`
}

/** The name of a file without folders and ending, as far as a scenario's name may hold it. */
function stemOf(file: string): string {
  const base = file.split(/[/\\]/).at(-1) ?? ''
  return base
    .replace(/(?<=.)\.[^.]*$/, '')
    .replaceAll(/[^A-Za-z0-9._-]/g, '_')
    .slice(0, 40)
}

function gapsName({ burstiness }: Arrivals): string {
  if (burstiness === null) return 'const'
  return burstiness === 1 ? 'poisson' : `gamma${burstiness}`
}

/** True when both describe the same work, so that their numbers may be compared. */
export function isSameScenario(a: Scenario, b: Scenario): boolean {
  return differingFields(a, b).length === 0
}

/** True when one of the others describes the same work. */
export function isAmong(scenario: Scenario, others: readonly Scenario[]): boolean {
  return others.some((other) => isSameScenario(other, scenario))
}

/** Fields in which two scenarios differ. */
export function differingFields(a: Scenario, b: Scenario): readonly (keyof Scenario)[] {
  const keys = Object.keys(a) as (keyof Scenario)[]
  return keys.filter((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key]))
}
