import { afterEach, describe, expect, test, vi } from 'vitest'
import { judgeAnswer } from '../../src/load/answer/judge-answer.ts'
import { apis } from '../../src/load/api/index.ts'
import { Body } from '../../src/load/http/body.ts'
import type { ApiConfig } from '../../src/model/config.ts'
import { openAiWire } from './fakes/openai.ts'
import { apiConfig } from './load-setup.ts'

afterEach(() => vi.restoreAllMocks())

/** Reads a stream of the given event texts, one packet each; says what came out and how much of it was parsed. */
function read(type: ApiConfig['type'], events: readonly string[], outputTokens: number) {
  const body = Body.of(events.map((text, index) => ({ atMs: index, bytes: Buffer.from(text) })))
  const capture = { scheduledMs: 0, sentMs: 0, firstByteMs: 0, settledMs: 1, status: 200, body, failure: null }
  const texts: string[] = []
  const onText = (text: string): number => texts.push(text)
  const parse = vi.spyOn(JSON, 'parse')
  const judged = judgeAnswer(capture, {
    api: apis[type],
    config: apiConfig(type),
    streaming: true,
    outputTokens,
    onText,
  })
  return { ...judged, texts, parsed: parse.mock.calls.length }
}

/** As vLLM streams: nothing differs from event to event but the text. */
function streamOf(texts: readonly string[], lineEnd = '\n'): string[] {
  const wire = openAiWire('openai-completions', 'own event')
  const at = (tokens: number) => ({ promptTokens: 9, tokens, text: '' })
  const tokens = texts.map((text, index) => wire.token(text, at(index + 1)))
  return [...tokens, ...wire.ending(at(texts.length), 'length')].map((value) =>
    wire.frame(value).replaceAll('\n', lineEnd),
  )
}

const words = Array.from({ length: 256 }, (_, index) => ` w${index}`)

describe('events that differ only in their text', () => {
  test.for(['\n', '\r\n', '\r'])('are read without parsing each of them, line end %j', (lineEnd) => {
    const { outcome, texts, answer, parsed } = read('openai-completions', streamOf(words, lineEnd), 256)
    expect({ outcome, texts }).toEqual({ outcome: 'ok', texts: words })
    expect(answer).toMatchObject({ chunks: 256, firstTokenMs: 0, lastTokenMs: 255, endMs: 256 })
    expect(parsed).toBeLessThan(10)
  })

  test('are parsed where a text holds what JSON must escape', () => {
    const odd = words.map((word, index) => (index % 5 === 0 ? `"\n\\${word}` : word))
    const { texts, parsed } = read('openai-completions', streamOf(odd), 256)
    expect(texts).toEqual(odd)
    expect(parsed).toBeGreaterThan(51)
    expect(parsed).toBeLessThan(128)
  })

  test('are learned anew when the events around them change', () => {
    const events = streamOf(words).map((text, index) => text.replace('1790000000', `${1_790_000_000 + (index >> 6)}`))
    const { texts, parsed } = read('openai-completions', events, 256)
    expect(texts).toEqual(words)
    expect(parsed).toBeLessThan(30)
  })

  test('never hide an event that says more', () => {
    const events = streamOf(words)
    const place = 100
    const late = [...events.slice(0, place), 'data: {"error": {"message": "oom"}}\n\n', ...events.slice(place)]
    expect(read('openai-completions', late, 256)).toMatchObject({ outcome: 'stream-error' })
    vi.restoreAllMocks()
    const gaveUp = events.map((text, index) =>
      index === place ? text.replace('"finish_reason":null', '"finish_reason":"abort"') : text,
    )
    expect(read('openai-completions', gaveUp.slice(0, -3), 256).answer.finishReason).toBe('abort')
  })

  test('with no text in them are no tokens', () => {
    const some = words.map((word, index) => (index % 2 === 0 ? word : ''))
    const { answer, texts } = read('openai-completions', streamOf(some), 256)
    expect(answer).toMatchObject({ chunks: 128, lastTokenMs: 254 })
    expect(texts).toEqual(some.filter((text) => text !== ''))
  })
})

test('events that differ in more are not studied for ever', () => {
  const events = words.map((content, index) => `data: ${JSON.stringify({ content, stop: false, tokens: [index] })}\n\n`)
  const end = 'data: {"content":"","stop":true,"tokens_predicted":256}\n\n'
  const { outcome, texts, parsed } = read('llama-cpp', [...events, end], 256)
  expect({ outcome, texts }).toEqual({ outcome: 'ok', texts: words })
  expect(parsed).toBeLessThan(270)
})
