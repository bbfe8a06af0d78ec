import { expect, test } from 'vitest'
import { Body, type Packet } from '../../../src/load/http/body.ts'
import { randomFrom } from '../../../src/load/prompts/random.ts'

test('a body to which nothing came is empty, and has no last time', () => {
  const body = new Body()
  expect([body.length, body.bytes.length, body.ends, body.stampsMs, body.lastMs]).toEqual([0, 0, [], [], null])
})

test.for([0, 10, 5000, 1_000_000])('keeps every byte in order when its length is guessed as %d', (guess) => {
  const random = randomFrom(`body ${guess}`)
  const packets: Packet[] = Array.from({ length: 200 }, (_, atMs) => ({
    atMs,
    bytes: Buffer.from(Array.from({ length: Math.floor(random() * 300) }, () => Math.floor(random() * 256))),
  }))
  const body = new Body(guess)
  for (const { bytes, atMs } of packets) body.add(bytes, atMs)
  const whole = Buffer.concat(packets.map(({ bytes }) => bytes))
  expect(body.bytes.equals(whole)).toBe(true)
  expect(body.length).toBe(whole.length)
  // Each packet stands where its end says, whoever counts.
  for (const [index, { bytes }] of packets.entries()) {
    const end = body.ends[index] ?? Number.NaN
    expect(body.bytes.subarray(end - bytes.length, end).equals(bytes)).toBe(true)
  }
  expect(body.stampsMs).toEqual(packets.map(({ atMs }) => atMs))
  expect(body.lastMs).toBe(199)
})

test('the memory that bytes came in may be used again at once', () => {
  const bytes = Buffer.from('first')
  const body = new Body()
  body.add(bytes, 1)
  bytes.fill('x')
  expect(body.bytes.toString()).toBe('first')
})
