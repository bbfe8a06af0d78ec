/** Bytes of a body and when they came. */
export interface Packet {
  readonly atMs: number
  readonly bytes: Uint8Array
}

/** Answers of one scenario are about as long as each other: a little more than the last one was, within reason. */
const spare = 1.125
const fewestBytes = 1024
const mostExpectedBytes = 1024 * 1024

/**
 * The body of an answer as it arrives, and when each packet of it came. One piece of memory and two lists of numbers:
 * an object for each packet would outlive the collector's first look, and cost more than all that is done with it.
 */
export class Body {
  /** For each packet: the number of bytes that had arrived with it. */
  readonly ends: number[] = []
  /** For each packet: when it came. */
  readonly stampsMs: number[] = []
  #store: Buffer | null = null
  #length = 0
  readonly #expected: number

  /** @param expectedBytes a guess at its length, so that the memory need not grow piece by piece */
  constructor(expectedBytes = 0) {
    this.#expected = Math.min(mostExpectedBytes, Math.max(fewestBytes, Math.ceil(expectedBytes * spare)))
  }

  static of(packets: readonly Packet[]): Body {
    const body = new Body(packets.reduce((sum, { bytes }) => sum + bytes.length, 0))
    for (const { bytes, atMs } of packets) body.add(bytes, atMs)
    return body
  }

  get length(): number {
    return this.#length
  }

  /** What has come so far: a view, not a copy. */
  get bytes(): Buffer {
    return this.#store === null ? Buffer.alloc(0) : this.#store.subarray(0, this.#length)
  }

  get lastMs(): number | null {
    return this.stampsMs.at(-1) ?? null
  }

  /** Copies the bytes: the memory they stand in is free again afterwards. */
  add(bytes: Uint8Array, atMs: number): void {
    const length = this.#length + bytes.length
    this.#roomFor(length).set(bytes, this.#length)
    this.#length = length
    this.ends.push(length)
    this.stampsMs.push(atMs)
  }

  #roomFor(length: number): Buffer {
    const store = this.#store
    if (store !== null && store.length >= length) return store
    const larger = Buffer.allocUnsafeSlow(Math.max(length, store === null ? this.#expected : 2 * store.length))
    store?.copy(larger, 0, 0, this.#length)
    this.#store = larger
    return larger
  }
}
