/** A disturbance, taken by the next `times` requests whose "METHOD path" matches. */
export interface FaultRule {
  /** Regular expression on `METHOD /path` (without the query). */
  readonly match: string
  readonly times?: number
  /** Requests that match and are let through before the rule begins. */
  readonly skip?: number
  readonly delayMs?: number
  /** Held back until a request that matches this was answered meanwhile: makes a race certain. */
  readonly holdUntil?: string
  /** Answer with this instead of asking the package. */
  readonly status?: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Break the connection instead of answering. */
  readonly reset?: boolean
  /** Carry the request out first: the write happens, its answer is lost or replaced. */
  readonly after?: boolean
}

/** The rules in force, in the order in which they were set. */
export class Faults {
  #rules: { rule: FaultRule; left: number; skip: number }[] = []

  set(rules: readonly FaultRule[]): void {
    this.#rules = rules.map((rule) => ({ rule, left: rule.times ?? 1, skip: rule.skip ?? 0 }))
  }

  /** The rule for this request, which is used up by one; null when it is let through. */
  take(request: string): FaultRule | null {
    for (const entry of this.#rules) {
      if (entry.left <= 0 || !new RegExp(entry.rule.match).test(request)) continue
      if (entry.skip > 0) {
        entry.skip -= 1
        continue
      }
      entry.left -= 1
      return entry.rule
    }
    return null
  }
}
