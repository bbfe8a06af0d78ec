/** A piece of work takes less than this, as a rule: with less time left before the next request, it waits. */
const pieceMs = 0.5
/** Then answers that arrived meanwhile are taken in: no stamp of theirs is later by more than this. */
const sliceMs = 0.2
/** So much undone work is a matter of memory, and no longer put off. */
const mostPieces = 512

/**
 * Work that is not urgent (looking into answers, writing prompts): a little at each turn of the event loop, while no
 * request is about to be due.
 */
export class Desk {
  readonly #nowMs: () => number
  readonly #nextDueMs: () => number
  readonly #onError: (error: unknown) => void
  #pieces: (() => void)[] = []
  #turn: NodeJS.Immediate | null = null

  /** @param onError what goes wrong at a turn of the event loop has nobody to be thrown to */
  constructor(nowMs: () => number, nextDueMs: () => number, onError: (error: unknown) => void) {
    this.#nowMs = nowMs
    this.#nextDueMs = nextDueMs
    this.#onError = onError
  }

  later(piece: () => void): void {
    this.#pieces.push(piece)
    this.#turn ??= setImmediate(this.#work)
  }

  /** Does all that is left, at once; here errors are thrown. */
  finish(): void {
    const pieces = this.#pieces
    this.drop()
    for (const piece of pieces) piece()
  }

  /** Forgets what is left. */
  drop(): void {
    if (this.#turn) clearImmediate(this.#turn)
    this.#turn = null
    this.#pieces = []
  }

  readonly #work = (): void => {
    const untilMs = this.#nowMs() + sliceMs
    this.#turn = null
    try {
      while (this.#mayWork(untilMs)) this.#pieces.shift()?.()
    } catch (error) {
      this.#onError(error)
    }
    if (this.#pieces.length > 0) this.#turn ??= setImmediate(this.#work)
  }

  /** With a time that has passed the next turn is about to send: that comes first. */
  #mayWork(untilMs: number): boolean {
    const nowMs = this.#nowMs()
    if (this.#pieces.length > mostPieces) return true
    return this.#pieces.length > 0 && nowMs < untilMs && this.#nextDueMs() - nowMs > pieceMs
  }
}
