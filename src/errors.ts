/** What kind of expected failure stopped the run; decides the exit code and the headline of the report. */
export type ErrorCode =
  /** Configuration, inputs or arguments: nothing was started. Exit code 2. */
  | 'usage'
  /** The measurement broke (server died, no requests, clone too shallow, ...). Exit code 3. */
  | 'invalid'
  /** The run was cancelled by a signal. Exit code 130. */
  | 'cancelled'

/**
 * An expected failure: what happened (`message`), and what the person should do next (`hint`).
 * Anything else that is thrown is a defect of ours and is reported with its stack.
 */
export class ActionError extends Error {
  readonly code: ErrorCode
  readonly hint: string

  constructor(code: ErrorCode, message: string, hint: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'ActionError'
    this.code = code
    this.hint = hint
  }
}

/** The message of whatever was thrown; a throw need not be an Error. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
