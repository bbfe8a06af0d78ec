import { describe, expect, test } from 'vitest'
import type { RequestRecord } from '../../../src/model/request.ts'
import { type Answer, event, FakeServer, type Seen, sendJson, startStream } from '../fake-server.ts'
import { apiConfig, connectTo, run, scenarioOf } from '../load-setup.ts'

const wordsOf = (text: string): string[] => text.split(' ').filter((word) => word !== '')

/** An OpenAI server without /tokenize that counts the words of a prompt in its own way. */
function counting(count: (words: number, text: string) => number): Answer {
  return (response, { path, body }) => {
    if (path === '/v1/models') return sendJson(response, 200, { data: [{ id: 'fake' }] })
    if (path === '/tokenize') return sendJson(response, 404, { error: 'Not Found' })
    const messages = body.messages as { content: string }[] | undefined
    const text = messages?.[0]?.content ?? String(body.prompt)
    const made = { finish_reason: 'length', text: 'word', message: { content: 'word' } }
    const usage = { prompt_tokens: count(wordsOf(text).length, text), completion_tokens: body.max_tokens }
    sendJson(response, 200, { choices: [made], usage })
  }
}

/** Prompt tokens of a scenario, as the server counted them: how many requests came to each number. */
async function lengths(
  answer: Answer,
  promptTokens: number,
  type: 'openai-completions' | 'openai-chat' = 'openai-chat',
) {
  await using server = await FakeServer.start(answer)
  const target = await connectTo(server.origin, apiConfig(type))
  const { records, window } = await run(target, scenarioOf({ promptTokens, streaming: false }))
  return { source: window.promptSource, counts: distinct(records) }
}

const distinct = (records: readonly RequestRecord[]) => [...new Set(records.map(({ promptTokens }) => promptTokens))]

describe('a server that counts in its own way', () => {
  test.each<[string, (words: number) => number, number, number]>([
    ['a template of 13 tokens', (words) => words + 13, 128, 128],
    // 127 is as near.
    ['two tokens a word', (words) => 2 * words + 3, 128, 129],
    ['half a token a word', (words) => Math.ceil(words / 2), 100, 100],
    // In a table of n + floor(n²/400), 500 lies between n = 290 (500.25) and its neighbours.
    ['a curve', (words) => words + Math.floor(words ** 2 / 400), 500, 500],
    ['a steep curve', (words) => Math.floor(words ** 2 / 10), 1000, 1000],
    ['a curve that flattens', (words) => Math.floor(20 * Math.sqrt(words)), 400, 400],
    ['steps of 16, with the length on a step', (words) => 16 * Math.ceil(words / 16), 128, 128],
    ['steps of 16, with the length between two', (words) => 16 * Math.ceil(words / 16), 100, 96],
    ['a jump that no prompt falls into', (words) => (words > 60 ? words + 30 : words), 75, 60],
  ])('%s', async (_what, count, asked, closest) => {
    expect(await lengths(counting(count), asked)).toEqual({ source: 'words', counts: [closest] })
  })

  test('a template that trims the text it is given', async () => {
    // The first word costs a token less without the space before it.
    const trims = counting((words, text) => words + (text.startsWith(' ') ? 1 : 0) + 9)
    expect(await lengths(trims, 200)).toEqual({ source: 'words', counts: [200] })
  })

  test('a server that cuts prompts to its context shows what it has worked through', async () => {
    expect(
      await lengths(
        counting((words) => Math.min(words, 64)),
        100,
      ),
    ).toEqual({ source: 'words', counts: [64] })
  })

  test('a server that counts only what its cache does not hold is not asked the same twice', async () => {
    const seen = new Set<string>()
    const cached = counting((words, text) => {
      if (seen.has(text)) return 1
      seen.add(text)
      return words
    })
    await using server = await FakeServer.start(cached)
    const target = await connectTo(server.origin, apiConfig('openai-chat'))
    for (const name of ['one', 'two', 'three']) {
      const { records } = await run(target, scenarioOf({ name, promptTokens: 40, streaming: false }))
      expect(distinct(records)).toEqual([40])
    }
  })
})

const idOf = (word: string): number =>
  100 + ([...word].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 9000)
const idsOf = (text: string): number[] => (text.match(/\n\n|\S+/g) ?? []).map(idOf)

describe('the tokenizers of servers', () => {
  test('a begin mark that only the prompt gets, not /tokenize, is counted in', async () => {
    const plain = counting((words) => words + 1)
    const answer: Answer = (response, seen, index) => {
      if (seen.path === '/tokenize') return sendJson(response, 200, { tokens: idsOf(String(seen.body.prompt)) })
      if (Array.isArray(seen.body.prompt)) return sendJson(response, 400, { error: 'text only' })
      return plain(response, seen, index)
    }
    expect(await lengths(answer, 64, 'openai-completions')).toEqual({ source: 'words', counts: [64] })
  })

  test('a /tokenize that sets its marks whatever it is asked: none of them is sent as a word', async () => {
    const begin = 1
    const end = 2
    const sent: number[][] = []
    const answer: Answer = (response, { path, body }) => {
      if (path === '/v1/models') return sendJson(response, 200, { data: [{ id: 'fake' }] })
      if (path === '/tokenize') {
        if (body.prompt === undefined) return sendJson(response, 422, { detail: [] })
        return sendJson(response, 200, { tokens: [begin, ...idsOf(String(body.prompt)), end] })
      }
      const ids = body.prompt as number[]
      sent.push(ids)
      const usage = { prompt_tokens: ids.length, completion_tokens: body.max_tokens }
      sendJson(response, 200, { choices: [{ text: 'word', finish_reason: 'length' }], usage })
    }
    expect(await lengths(answer, 64, 'openai-completions')).toEqual({ source: 'token-ids', counts: [64] })
    expect(sent.flat().filter((id) => id === begin || id === end)).toEqual([])
  })

  test('a server that takes ids and makes other tokens of them is sent text', async () => {
    const answer: Answer = (response, { path, body }) => {
      if (path === '/v1/models') return sendJson(response, 200, { data: [{ id: 'fake' }] })
      if (path === '/tokenize') return sendJson(response, 200, { tokens: idsOf(String(body.prompt)) })
      const isIds = Array.isArray(body.prompt)
      const units = isIds ? (body.prompt as number[]).length : wordsOf(String(body.prompt)).length
      // Every twentieth id comes apart in two.
      const counted = isIds ? units + Math.floor(units / 20) : units
      const usage = { prompt_tokens: counted, completion_tokens: body.max_tokens }
      sendJson(response, 200, { choices: [{ text: 'word', finish_reason: 'length' }], usage })
    }
    expect(await lengths(answer, 64, 'openai-completions')).toEqual({ source: 'tokenize', counts: [64] })
  })

  /** TGI: a list of tokens, its begin mark among them; counts only in the details, without streaming only if rated. */
  function tgi(rates: boolean): Answer {
    return (response, { path, body }: Seen) => {
      const text = body.inputs as string | undefined
      if (path === '/tokenize') {
        if (text === undefined) return sendJson(response, 422, { error: 'missing field `inputs`' })
        return sendJson(
          response,
          200,
          [1, ...idsOf(text)].map((id) => ({ id, text: 'x', start: 0, stop: 1 })),
        )
      }
      const parameters = body.parameters as { max_new_tokens: number; decoder_input_details?: boolean }
      const tokens = parameters.max_new_tokens
      const details = { finish_reason: 'length', generated_tokens: tokens }
      const inputLength = wordsOf(String(text)).length + 1
      if (path === '/generate') {
        const prefill = rates && parameters.decoder_input_details ? Array.from({ length: inputLength }, () => ({})) : []
        return sendJson(response, 200, { generated_text: 'word', details: { ...details, prefill } })
      }
      startStream(response)
      for (let token = 1; token < tokens; token += 1) response.write(event({ token: { id: 5, text: 'word ' } }))
      const last = {
        token: { id: 5, text: 'word' },
        generated_text: 'all',
        details: { ...details, input_length: inputLength },
      }
      response.end(event(last))
    }
  }

  test.each([
    ['rates prompts', true],
    ['does not rate prompts, so that it counts none without streaming', false],
  ])('TGI, which %s', async (_what, rates) => {
    await using server = await FakeServer.start(tgi(rates))
    const target = await connectTo(server.origin, apiConfig('tgi'))
    const { records, window } = await run(target, scenarioOf({ promptTokens: 64 }))
    expect(window.promptSource).toBe('tokenize')
    expect(distinct(records)).toEqual([64])
    expect(target.promptSource).toMatchObject({ list: { isUniform: true } })
  })

  test('SGLang: ids by a /tokenize like that of vLLM, sent as input_ids', async () => {
    await using server = await FakeServer.start((response, { path, body }) => {
      if (path === '/tokenize') {
        const tokens = idsOf(String(body.prompt))
        return sendJson(response, 200, { tokens, count: tokens.length, max_model_len: 4096 })
      }
      const ids = (body.input_ids ?? idsOf(String(body.text))) as number[]
      const { max_new_tokens: tokens } = body.sampling_params as { max_new_tokens: number }
      const meta = { prompt_tokens: ids.length, completion_tokens: tokens, cached_tokens: 0 }
      sendJson(response, 200, {
        text: 'word',
        meta_info: { ...meta, finish_reason: { type: 'length', length: tokens } },
      })
    })
    const target = await connectTo(server.origin, apiConfig('sglang'))
    const { records, window } = await run(target, scenarioOf({ promptTokens: 64, streaming: false }))
    expect({ source: window.promptSource, counts: distinct(records) }).toEqual({ source: 'token-ids', counts: [64] })
  })
})
