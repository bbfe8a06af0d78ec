import { describe, expect, test } from 'vitest'
import { ActionError } from '../../src/errors.ts'
import { requestOneToken } from '../../src/load/index.ts'
import { answerWell, type Behaviour, countTokens, type Fault, fakeOpenAi } from './fake-openai.ts'
import { FakeServer, sendJson } from './fake-server.ts'
import { apiConfig, connectTo, noAbort, run, scenarioOf } from './load-setup.ts'

const completions = apiConfig('openai-completions')
const chat = apiConfig('openai-chat')
/** Words cost one to four tokens, as in a vocabulary that knows few of them. */
const uneven = (word: string): number => 1 + (word.length % 4)

describe('the model', () => {
  test('is the first that the server lists, unless one is configured', async () => {
    await using server = await FakeServer.start(fakeOpenAi())
    expect((await connectTo(server.origin, completions)).model).toBe('fake/model')
    expect((await connectTo(server.origin, { ...completions, model: 'mine' })).model).toBe('mine')
    expect(server.asked.at(-1)?.body.model).toBe('mine')
  })

  test('missing from the list is an error that says what to set', async () => {
    await using server = await FakeServer.start((response) => sendJson(response, 200, { data: [] }))
    await expect(connectTo(server.origin, completions)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('{"data":[]}'),
      hint: expect.stringContaining('api.model'),
    })
  })
})

describe('prompts of exact length', () => {
  /** Prompt tokens of all measured requests, by the server's own count and by the fake's. */
  async function lengths(behaviour: Behaviour, api = completions, promptTokens = 128) {
    await using server = await FakeServer.start(fakeOpenAi(behaviour))
    const target = await connectTo(server.origin, api)
    const before = server.asked.length
    const { records, window } = await run(target, scenarioOf({ promptTokens, requests: 20 }))
    const sent = server.asked
      .slice(before)
      .slice(-20)
      .map(({ body }) => {
        const messages = body.messages as { content: string }[] | undefined
        return countTokens(messages?.[0]?.content ?? body.prompt, behaviour)
      })
    const recorded = records.map((record) => record.promptTokens ?? Number.NaN)
    expect(recorded.toSorted()).toEqual(sent.toSorted())
    return { source: window.promptSource, counts: [...new Set(sent)], seen: server.asked }
  }

  test.for(['vllm', 'llama.cpp'] as const)('token ids from /tokenize as %s has it', async (tokenize) => {
    const { source, counts, seen } = await lengths({ tokenize, wordCost: uneven })
    expect({ source, counts }).toEqual({ source: 'token-ids', counts: [128] })
    // Ordinary tokens of that vocabulary: each id is one that the tokenizer gave.
    const ids = seen.at(-1)?.body.prompt as number[]
    expect(ids.every((id) => id >= 1000 && id < 31_000)).toBe(true)
    expect(seen.at(-1)?.body.cache_prompt).toBe(tokenize === 'llama.cpp' ? false : undefined)
  })

  test('token ids leave room for a begin mark that the server adds', async () => {
    expect(await lengths({ overhead: 1 })).toMatchObject({ source: 'token-ids', counts: [128] })
  })

  test('text by /tokenize where ids are refused', async () => {
    const behaviour = { takesTokenIds: false, wordCost: uneven, overhead: 1 }
    const { source, counts } = await lengths(behaviour)
    expect(source).toBe('tokenize')
    expectAbout(counts, 128)
  })

  test.for([25, 37, 64])(
    'short chat prompts of %i tokens are exact where /tokenize tells what words cost',
    async (tokens) => {
      const behaviour = { wordCost: (word: string) => (word.length < 3 ? 1 : 3), overhead: 13 }
      expect(await lengths(behaviour, chat, tokens)).toMatchObject({ source: 'words', counts: [tokens] })
    },
  )

  test('words of two tokens come as close as they can', async () => {
    expect(await lengths({ wordCost: () => 2, overhead: 1 }, chat)).toMatchObject({ counts: [129] })
  })

  test.for([32, 128, 500])('text of %i tokens by usage where there is no /tokenize', async (promptTokens) => {
    const { source, counts } = await lengths({ tokenize: 'none', wordCost: uneven }, completions, promptTokens)
    expect(source).toBe('words')
    expectAbout(counts, promptTokens)
  })

  test('text by usage is exact where a word is a token', async () => {
    expect(await lengths({ tokenize: 'none' })).toMatchObject({ source: 'words', counts: [128] })
  })

  test.for([0, 5, 40])('a chat template of %i tokens is counted in', async (overhead) => {
    expect(await lengths({ overhead }, chat)).toMatchObject({ source: 'words', counts: [128] })
    expectAbout((await lengths({ overhead, wordCost: uneven }, chat)).counts, 128)
  })

  test('a server that does not count prompt tokens is an error that says so', async () => {
    const noUsage: Fault = (response, pieces) => sendJson(response, 200, pieces.content('word', 'length'))
    await using server = await FakeServer.start(fakeOpenAi({ tokenize: 'none', fault: () => noUsage }))
    await expect(connectTo(server.origin, completions)).rejects.toMatchObject({
      code: 'invalid',
      hint: expect.stringContaining('usage.prompt_tokens'),
    })
  })

  /** All prompts of a scenario have one length, within 2 tokens or 2 % of what was asked for. */
  function expectAbout(counts: readonly number[], tokens: number): void {
    expect(counts).toHaveLength(1)
    expect(Math.abs((counts[0] ?? Number.NaN) - tokens)).toBeLessThanOrEqual(Math.max(2, 0.02 * tokens))
  }
})

describe('connections after an answer', () => {
  test.for([
    ['streams', (isStreaming: boolean) => isStreaming, { stream: true, body: false }],
    ['bodies', (isStreaming: boolean) => !isStreaming, { stream: false, body: true }],
    ['nothing', () => false, { stream: false, body: false }],
  ] as const)('a server that closes them unannounced after %s is found out', async ([, closes, closesAfter]) => {
    const closing: Fault = async (response, pieces) => {
      response.setHeader('connection', 'keep-alive')
      const { socket } = response
      await answerWell(response, pieces)
      if (closes(pieces.isStreaming)) socket?.end()
    }
    await using server = await FakeServer.start(fakeOpenAi({ fault: () => closing }))
    const target = await connectTo(server.origin, completions)
    expect(target.closesAfter).toEqual(closesAfter)
    for (const streaming of [true, false]) {
      const result = await run(target, scenarioOf({ streaming, requests: 30 }))
      expect(result.records.every((record) => record.outcome === 'ok')).toBe(true)
    }
  })

  test('a server that cannot stream can still be connected to', async () => {
    const noStreams: Fault = (response, pieces) =>
      pieces.isStreaming ? sendJson(response, 400, { error: 'no streaming' }) : answerWell(response, pieces)
    await using server = await FakeServer.start(fakeOpenAi({ fault: () => noStreams }))
    expect((await connectTo(server.origin, completions)).closesAfter).toEqual({ stream: false, body: false })
  })

  test('no socket is left', async () => {
    await using server = await FakeServer.start(fakeOpenAi())
    await connectTo(server.origin, completions)
    await requestOneToken(server.origin, completions, { signal: noAbort, timeoutMs: 5000 })
    await expect.poll(() => server.openSockets).toBe(0)
  })
})

describe('one real token', () => {
  const ask = (origin: string, timeoutMs = 5000): Promise<void> =>
    requestOneToken(origin, completions, { signal: noAbort, timeoutMs })

  test.for(['openai-completions', 'openai-chat'] as const)('%s: one token is asked for and accepted', async (type) => {
    await using server = await FakeServer.start(fakeOpenAi())
    await requestOneToken(server.origin, apiConfig(type), { signal: noAbort, timeoutMs: 5000 })
    expect(server.asked.map((seen) => seen.body.max_tokens)).toEqual([1])
  })

  test('half a character is no text yet: a few more tokens are', async () => {
    const half: Fault = (response, pieces) =>
      sendJson(response, 200, { ...pieces.content(pieces.tokens > 1 ? 'é' : '', 'length'), usage: pieces.usage })
    await using server = await FakeServer.start(fakeOpenAi({ fault: () => half }))
    await ask(server.origin)
  })

  test.for([
    ['HTTP 404', /404.*no such path/, (response) => sendJson(response, 404, { error: 'no such path' })],
    ['HTTP 400', /400.*unknown model/, (response) => sendJson(response, 400, { error: 'unknown model' })],
    ['no usage', /no-usage/, (response, pieces) => sendJson(response, 200, pieces.content('x', 'length'))],
    [
      'never any text',
      /no-text/,
      (response, pieces) => sendJson(response, 200, { ...pieces.content('', 'length'), usage: pieces.usage }),
    ],
    ['an error with status 200', /dead/, (response) => sendJson(response, 200, { error: 'dead' })],
    ['a web page', /malformed/, (response) => void response.end('<html>')],
  ] as [string, RegExp, Fault][])('%s is final: waiting does not cure it', async ([, message, answer]) => {
    await using server = await FakeServer.start(fakeOpenAi({ fault: () => answer }))
    const failure = await ask(server.origin).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ActionError)
    expect(failure).toMatchObject({ code: 'invalid', message: expect.stringMatching(message) })
  })

  test.for([
    ['HTTP 503 while loading', (response) => sendJson(response, 503, { error: { message: 'Loading model' } })],
    ['HTTP 500', (response) => sendJson(response, 500, { error: 'not yet' })],
    ['HTTP 429', (response) => sendJson(response, 429, {})],
    ['a closed connection', (response) => void response.socket?.destroy()],
    ['silence', () => {}],
  ] as [string, Fault][])('%s may pass: the error is not final', async ([, answer]) => {
    await using server = await FakeServer.start(fakeOpenAi({ fault: () => answer }))
    const failure = await ask(server.origin, 100).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Error)
    expect(failure).not.toBeInstanceOf(ActionError)
  })

  test('a server that is still starting has no list of models yet, and that may pass too', async () => {
    await using server = await FakeServer.start((response) => sendJson(response, 503, { error: 'Loading model' }))
    const failure = await ask(server.origin).catch((error: unknown) => error)
    expect(failure).not.toBeInstanceOf(ActionError)
    expect(String(failure)).toMatch(/Loading model/)
  })

  test('an abort ends it with the reason of the abort', async () => {
    await using server = await FakeServer.start(() => {})
    const reason = new ActionError('cancelled', 'Stopped by SIGINT.', 'Start again.')
    const signal = AbortSignal.abort(reason)
    await expect(requestOneToken(server.origin, completions, { signal, timeoutMs: 5000 })).rejects.toBe(reason)
  })
})
