import { isAscii } from 'node:buffer'
import type { Body } from '../http/body.ts'

/**
 * A body as text that remembers when each character arrived. Characters may be cut by packets; bytes that are no UTF-8
 * become replacement characters, a byte order mark in front goes away.
 */
export class PacketText {
  readonly text: string
  /** For each packet: the number of characters that had arrived with it. */
  readonly ends: readonly number[]
  readonly #stampsMs: readonly number[]
  #packet = 0

  constructor(body: Body) {
    const { bytes } = body
    this.#stampsMs = body.stampsMs
    if (isAscii(bytes)) {
      // One byte, one character: decoded at one stroke, several times faster than packet by packet.
      this.text = bytes.toString('latin1')
      this.ends = body.ends
    } else {
      const { text, ends } = decodePackets(bytes, body.ends)
      this.text = text
      this.ends = ends
    }
  }

  /** When the character before `end` had arrived. To be asked in rising order. */
  stampMs(end: number): number {
    const last = this.ends.length - 1
    while (this.#packet < last && (this.ends[this.#packet] as number) < end) this.#packet += 1
    return this.#stampsMs[this.#packet] ?? 0
  }
}

function decodePackets(bytes: Uint8Array, byteEnds: readonly number[]): Pick<PacketText, 'text' | 'ends'> {
  const decoder = new TextDecoder()
  const ends: number[] = []
  let text = ''
  let start = 0
  for (const [index, end] of byteEnds.entries()) {
    text += decoder.decode(bytes.subarray(start, end), { stream: index < byteEnds.length - 1 })
    ends.push(text.length)
    start = end
  }
  return { text, ends }
}
