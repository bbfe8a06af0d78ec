/** What a server answered to one fixed question when it had no choice: greedy, and alone on the server. */
export interface GreedyAnswer {
  /** The first 16 hex digits of the SHA-256 of its text. */
  readonly digest: string
  /** How the text begins. */
  readonly beginning: string
  /** Why it ended, in the server's words; null when it did not say. */
  readonly finishReason: string | null
  /** As the server counted; null when it did not say. */
  readonly tokens: number | null
}

/** The greedy answers of one trial. */
export interface TrialOutputs {
  /** Digest of the questions: answers to others are never compared with these. */
  readonly questions: string
  /** In the order of the questions; null: no whole answer came in time. */
  readonly answers: readonly (GreedyAnswer | null)[]
  /** How long the asking took. */
  readonly durationMs: number
}

/** The greedy answers of both sides, compared. They explain and warn, and decide nothing. */
export interface OutputsComparison {
  /** `not-deterministic`: a side did not even agree with itself, so nothing is said of the other. */
  readonly kind: 'same' | 'changed' | 'not-deterministic'
  /** Questions of which it is known. */
  readonly compared: number
  /** How many of them head answers otherwise than base; 0 unless `changed`. */
  readonly changed: number
  /** For a person: what was seen. */
  readonly text: string
}
