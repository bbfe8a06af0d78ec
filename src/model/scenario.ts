/**
 * One cell of the benchmark matrix. Two scenarios are comparable only if every field is equal, so a change of any
 * field needs a new name (the default name spells out the fields).
 */
export interface Scenario {
  /** Unique in the matrix, e.g. `p128-o64-c4`. */
  readonly name: string
  readonly promptTokens: number
  readonly outputTokens: number
  /** Closed loop: requests in flight. */
  readonly concurrency: number
  /** Measured requests in one trial, warm-up not counted. */
  readonly requests: number
  readonly streaming: boolean
}

/** The name a scenario gets when the user gives none: `p128-o64-c4`, with `-nostream` when it does not stream. */
export function defaultScenarioName(scenario: Omit<Scenario, 'name'>): string {
  const base = `p${scenario.promptTokens}-o${scenario.outputTokens}-c${scenario.concurrency}`
  return scenario.streaming ? base : `${base}-nostream`
}

/** True when both describe the same work, so that their numbers may be compared. */
export function isSameScenario(a: Scenario, b: Scenario): boolean {
  return (
    a.name === b.name &&
    a.promptTokens === b.promptTokens &&
    a.outputTokens === b.outputTokens &&
    a.concurrency === b.concurrency &&
    a.requests === b.requests &&
    a.streaming === b.streaming
  )
}
