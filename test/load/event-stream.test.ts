import { describe, expect, test } from 'vitest'
import { readEvents } from '../../src/load/answer/event-stream.ts'
import { PacketText } from '../../src/load/answer/packet-text.ts'
import { Body, type Packet } from '../../src/load/http/body.ts'
import { type Random, randomFrom } from '../../src/load/prompts/random.ts'

/** Bytes cut into packets at the given places; packet n arrives at n ms. */
function packets(bytes: Uint8Array, cuts: readonly number[] = []) {
  const places = [0, ...[...cuts].sort((a, b) => a - b), bytes.length]
  return places.slice(1).map((end, packet) => ({ atMs: packet, bytes: bytes.subarray(places[packet], end) }))
}

function splitEvents(chunks: readonly Packet[]): { name: string | null; data: string; atMs: number }[] {
  const body = new PacketText(Body.of(chunks))
  const events: { name: string | null; data: string; atMs: number }[] = []
  readEvents(body, {
    takeKnown: () => -1,
    take: ({ name, data, completeAt }) => void events.push({ name, data, atMs: body.stampMs(completeAt) }),
  })
  return events
}

const dataOf = (text: string): string[] => splitEvents(packets(Buffer.from(text))).map((event) => event.data)

describe('events', () => {
  test.for([
    ['LF', 'data: a\n\ndata: b\n\n', ['a', 'b']],
    ['CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
    ['CR', 'data: a\r\rdata: b\r\r', ['a', 'b']],
    ['no space after the colon', 'data:a\n\ndata:  b\n\n', ['a', ' b']],
    ['comments and pings', ': ping\n\ndata: a\n: inside\n\n:\n\n', ['a']],
    ['several data lines in one event', 'data: a\ndata: b\n\n', ['a\nb']],
    ['no blank line at the end', 'data: a\n\ndata: b\n', ['a', 'b']],
    ['no line end at the end', 'data: a\n\ndata: b', ['a', 'b']],
    ['other fields', 'id: 1\nretry: 5\nevent: token\ndata: a\n\n', ['a']],
    ['a colon in the data', 'data: {"a": 1}\n\n', ['{"a": 1}']],
    ['a byte order mark in front', '\uFEFFdata: a\n\n', ['a']],
    ['an event without data', 'event: ping\n\ndata: a\n\n', ['a']],
    ['no events at all', '{"error": "x"}', []],
    ['nothing', '', []],
  ] as const)('%s', ([, text, expected]) => {
    expect(dataOf(text)).toEqual(expected)
  })

  test('the name of an event does not outlive it', () => {
    const events = splitEvents(packets(Buffer.from('event: error\ndata: a\n\ndata: b\n\n')))
    expect(events.map(({ name, data }) => [name, data])).toEqual([
      ['error', 'a'],
      [null, 'b'],
    ])
  })
})

describe('stamps', () => {
  test('an event is stamped with the packet that completed it', () => {
    const first = Buffer.from('data: a\n\ndata: b\n\nda')
    const all = Buffer.concat([first, Buffer.from('ta: c\n'), Buffer.from('\ndata: d\n\n')])
    const events = splitEvents(packets(all, [first.length, first.length + 6]))
    expect(events.map(({ data, atMs }) => [data, atMs])).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', 2],
      ['d', 2],
    ])
  })

  test('an event in CR or CRLF is complete without waiting for the next packet', () => {
    const events = splitEvents([
      { atMs: 1, bytes: Buffer.from('data: a\r\n\r') },
      { atMs: 9, bytes: Buffer.from('\ndata: b\r\n\r\n') },
    ])
    expect(events.map(({ data, atMs }) => [data, atMs])).toEqual([
      ['a', 1],
      ['b', 9],
    ])
  })
})

test('a valid stream gives the same events however it is cut into packets', () => {
  const random = randomFrom('cuts')
  const texts = ['plain', 'ünïcödé', '日本語', '👩‍👩‍👧', '', 'a\\r\\nb', '{"x": "\u2028"}']
  for (let round = 0; round < 400; round += 1) {
    const ending = pick(['\n', '\r\n', '\r'], random)
    const expected = Array.from({ length: 1 + Math.floor(random() * 6) }, () => pick(texts, random) + random())
    const body = expected
      .map((data) => `: ping${ending}data:${pick(['', ' '], random)}${data}${ending}${ending}`)
      .join('')
    const bytes = Buffer.from(body)
    const cuts = Array.from({ length: Math.floor(random() * 30) }, () => Math.floor(random() * bytes.length))
    const events = splitEvents(packets(bytes, cuts))
    expect(
      events.map((event) => event.data),
      JSON.stringify({ body, cuts }),
    ).toEqual(expected)
    const stamps = events.map((event) => event.atMs)
    expect(stamps, 'stamps never go back').toEqual(stamps.toSorted((a, b) => a - b))
  }
})

test('one byte a packet gives the same events', () => {
  const bytes = Buffer.from('data: é日👍\r\n\r\n: x\r\n\r\ndata: b\r\n\r\n')
  const everywhere = Array.from({ length: bytes.length - 1 }, (_, place) => place + 1)
  expect(splitEvents(packets(bytes, everywhere)).map((event) => event.data)).toEqual(['é日👍', 'b'])
})

test('random bytes never throw', () => {
  const random = randomFrom('noise')
  const likely = Buffer.from('data: \r\n:{}[DONE]event')
  for (let round = 0; round < 500; round += 1) {
    const bytes = Uint8Array.from({ length: Math.floor(random() * 300) }, () =>
      random() < 0.6 ? (likely[Math.floor(random() * likely.length)] ?? 0) : Math.floor(random() * 256),
    )
    const cuts = Array.from({ length: 5 }, () => Math.floor(random() * bytes.length))
    for (const event of splitEvents(packets(bytes, cuts))) expect(event.data).not.toBe('')
  }
})

test('one very long event over many packets is read in linear time', () => {
  const packet = Buffer.from('x'.repeat(1000))
  const chunks = Array.from({ length: 20_000 }, (_, atMs) => ({ atMs, bytes: packet }))
  const events = splitEvents([{ atMs: 0, bytes: Buffer.from('data: ') }, ...chunks])
  expect(events[0]?.data).toHaveLength(20_000_000)
})

function pick<T>(items: readonly T[], random: Random): T {
  return items[Math.floor(random() * items.length)] as T
}
