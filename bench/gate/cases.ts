/** How much slower head really is: factors on tail latency and tokens/s of the first so many scenarios. */
export interface Change {
  readonly tail: number
  readonly rate: number
  readonly scenarios: number
}

const everywhere = Number.POSITIVE_INFINITY

export const noChange: Change = { tail: 1, rate: 1, scenarios: 0 }

/** What the promise is given for; sizes are twice the default margins, and half of those of all scenarios together. */
export const cases: Readonly<Record<string, Change>> = {
  'no-op': noChange,
  'p99-all-10': { tail: 1.1, rate: 1, scenarios: everywhere },
  'p99-one-20': { tail: 1.2, rate: 1, scenarios: 1 },
  'tokens-one-10': { tail: 1, rate: 0.9, scenarios: 1 },
  'tokens-all-5': { tail: 1, rate: 0.95, scenarios: everywhere },
  'half-margin': { tail: 1.025, rate: 0.9875, scenarios: everywhere },
}
