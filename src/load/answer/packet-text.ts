import { isAscii } from 'node:buffer'
import type { Chunk } from '../http/capture.ts'

/**
 * A body as text that remembers when each character arrived. Characters may be cut by packets; bytes that are no UTF-8
 * become replacement characters, a byte order mark in front goes away.
 */
export class PacketText {
  readonly text: string
  /** For each packet: the number of characters that had arrived with it. */
  readonly ends: readonly number[]
  readonly #chunks: readonly Chunk[]
  #packet = 0

  constructor(chunks: readonly Chunk[]) {
    this.#chunks = chunks
    const bytes = chunks.length === 1 && chunks[0] ? chunks[0].bytes : Buffer.concat(chunks.map((chunk) => chunk.bytes))
    // One byte, one character: decoded at one stroke, several times faster than packet by packet.
    const { text, ends } = isAscii(bytes) ? joinAscii(bytes, chunks) : joinUtf8(chunks)
    this.text = text
    this.ends = ends
  }

  /** When the character before `end` had arrived. To be asked in rising order. */
  stampMs(end: number): number {
    const last = this.ends.length - 1
    while (this.#packet < last && (this.ends[this.#packet] as number) < end) this.#packet += 1
    return this.#chunks[this.#packet]?.atMs ?? 0
  }
}

interface Joined {
  readonly text: string
  readonly ends: readonly number[]
}

function joinAscii(bytes: Uint8Array, chunks: readonly Chunk[]): Joined {
  let end = 0
  const ends = chunks.map((chunk) => {
    end += chunk.bytes.length
    return end
  })
  return { text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'), ends }
}

function joinUtf8(chunks: readonly Chunk[]): Joined {
  const decoder = new TextDecoder()
  const ends: number[] = []
  let text = ''
  for (const [index, { bytes }] of chunks.entries()) {
    text += decoder.decode(bytes, { stream: index < chunks.length - 1 })
    ends.push(text.length)
  }
  return { text, ends }
}
