import { describe, expect, it } from 'vitest'
import { createTextStream } from '../../../examples/engine/inference/text-stream.ts'

/** Tokens are bytes here, the hardest case. */
const byteStream = () => createTextStream<number>((tokens) => Buffer.from(tokens).toString('utf8'))

describe('text from tokens', () => {
  it.each(['plain', 'é', '€', '😀', 'a€b😀c'])('never tears a character: %s', (text) => {
    const stream = byteStream()
    const pieces = [...Buffer.from(text)].map((byte) => stream.push(byte)).filter((piece) => piece !== null)
    expect(pieces.join('')).toBe(text)
    expect(pieces.some((piece) => piece.includes('\uFFFD'))).toBe(false)
    expect(stream.flush()).toBeNull()
  })

  it('holds back no more than four tokens of what never becomes a character', () => {
    const stream = byteStream()
    const pieces = Array.from({ length: 9 }, () => stream.push(0xe2))
    expect(pieces.map((piece) => piece === null)).toEqual([true, true, true, false, true, true, true, false, true])
    expect(stream.flush()).toBe('\uFFFD')
  })
})
