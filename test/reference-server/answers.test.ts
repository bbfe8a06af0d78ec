import { describe, expect, test } from 'vitest'
import { completion, eventsOf, post, startReference } from './start-reference.ts'

interface Event {
  readonly choices: { text?: string; delta?: { role?: string; content?: string }; finish_reason: string | null }[]
  readonly usage?: Record<string, number>
}

const textsOf = (events: unknown[]): string[] =>
  (events as Event[]).flatMap(({ choices }) => choices?.map(({ text, delta }) => text ?? delta?.content ?? '') ?? [])

describe('a streamed completion', () => {
  test('has one event a token, the finish reason with the last, then usage and [DONE]', async () => {
    await using server = await startReference()
    const { status, text } = await post(server.origin, '/v1/completions', completion())
    const events = eventsOf(text)
    expect(status).toBe(200)
    expect(textsOf(events)).toEqual([' token', ' token', ' token', ' token'])
    expect((events.slice(0, 4) as Event[]).map(({ choices }) => choices[0]?.finish_reason)).toEqual([
      null,
      null,
      null,
      'length',
    ])
    expect(events[4]).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
    })
    expect(events[5]).toBe('[DONE]')
  })

  test('says nothing of usage unless asked to', async () => {
    await using server = await startReference()
    const { text } = await post(server.origin, '/v1/completions', completion({ stream_options: null }))
    expect(text).not.toContain('usage')
    expect(eventsOf(text)).toHaveLength(5)
  })

  test('counts token ids as they are', async () => {
    await using server = await startReference()
    const { text } = await post(server.origin, '/v1/completions', completion({ prompt: [5, 6, 7, 8, 9] }))
    expect(text).toContain('"prompt_tokens":5')
  })

  test.for([
    [1, [1, 1, 1, 1, 1, 1, 1]],
    [2, [2, 2, 2, 1]],
    [3, [3, 3, 1]],
    [9, [7]],
  ] as const)('%i tokens an event: seven tokens come as %j', async ([tokensPerEvent, expected]) => {
    await using server = await startReference({ tokensPerEvent })
    const { text } = await post(server.origin, '/v1/completions', completion({ max_tokens: 7 }))
    const sizes = textsOf(eventsOf(text)).map((part) => part.split(' token').length - 1)
    expect(sizes).toEqual(expected)
    expect(text).toContain('"completion_tokens":7')
  })

  test('is the same without any gap, whatever is written at once', async () => {
    await using slow = await startReference()
    const paced = await post(slow.origin, '/v1/completions', completion({ max_tokens: 20 }))
    for (const eventsPerWrite of [1, 3, 100]) {
      await using server = await startReference({ ttftMs: 0, gapMs: 0, eventsPerWrite })
      expect(await post(server.origin, '/v1/completions', completion({ max_tokens: 20 }))).toEqual(paced)
    }
  })
})

test('a chat stream opens with its role alone, which is no token', async () => {
  await using server = await startReference()
  const { text } = await post(server.origin, '/v1/chat/completions', {
    messages: [{ role: 'user', content: 'hi there' }],
    max_tokens: 2,
    stream: true,
  })
  const events = eventsOf(text) as Event[]
  expect(events[0]?.choices[0]?.delta).toEqual({ role: 'assistant', content: '' })
  expect(textsOf(events)).toEqual(['', ' token', ' token'])
  expect(server.log[0]).toMatchObject({ promptTokens: 2, tokens: 2, promptStart: 'hi there' })
})

test.for(['/v1/completions', '/v1/chat/completions'])('%s without streaming is one body', async (path) => {
  await using server = await startReference()
  const asked = { prompt: 'a b', messages: [{ role: 'user', content: 'a b' }], max_tokens: 3 }
  const body = JSON.parse((await post(server.origin, path, asked)).text)
  expect(body.usage).toEqual({ prompt_tokens: 2, completion_tokens: 3, total_tokens: 5 })
  expect(body.choices[0].text ?? body.choices[0].message.content).toBe(' token token token')
  expect(body.choices[0].finish_reason).toBe('length')
})

describe('everything else', () => {
  test('health, models, and exact token ids: equal words equal ids', async () => {
    await using server = await startReference()
    expect((await fetch(`${server.origin}/health`)).status).toBe(200)
    const models = (await (await fetch(`${server.origin}/v1/models`)).json()) as { data: { id: string }[] }
    expect(models.data.map(({ id }) => id)).toEqual(['reference'])
    for (const key of ['prompt', 'content']) {
      const { text } = await post(server.origin, '/tokenize', { [key]: ' b a  b\nc' })
      const { tokens, count } = JSON.parse(text) as { tokens: number[]; count: number }
      expect(count).toBe(4)
      expect(tokens[0]).toBe(tokens[2])
      expect(new Set(tokens).size).toBe(3)
    }
  })

  test.for([
    ['/v1/completions', { max_tokens: 4 }],
    ['/v1/completions', { prompt: 'a', max_tokens: 0 }],
    ['/v1/chat/completions', { prompt: 'a' }],
    ['/tokenize', {}],
  ] as const)('%s with %j is refused', async ([path, body]) => {
    await using server = await startReference()
    expect((await post(server.origin, path, body)).status).toBe(400)
    expect(server.log).toEqual([])
  })

  test('an unknown path is 404', async () => {
    await using server = await startReference()
    expect((await fetch(`${server.origin}/metrics`)).status).toBe(404)
  })
})
