import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  answerOf,
  type EngineProcess,
  parseEvents,
  post,
  startEngineProcess,
  type Usage,
  wordIds,
} from './engine-process.ts'

let engine: EngineProcess
beforeAll(async () => {
  engine = await startEngineProcess()
})
afterAll(() => engine.stop())

const complete = (body: object) => post(`${engine.url}/v1/completions`, { temperature: 0, ...body })

function usageOf(prompt: number, completion: number): Usage {
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: 0 },
  }
}

describe('what the server says of itself', () => {
  it('answers /health once it is ready, with nothing in work', async () => {
    const response = await fetch(`${engine.url}/health`)
    expect([response.status, await answerOf(response)]).toEqual([200, { status: 'ok', active: 0, queued: 0 }])
  })

  it('lists its one model and the context it has', async () => {
    const { data } = await answerOf(await fetch(`${engine.url}/v1/models`))
    expect(data).toEqual([{ id: 'random-nano', object: 'model', owned_by: 'llm-perf', max_model_len: 1024 }])
  })
})

describe('POST /v1/completions', () => {
  it.each([
    [1, 1],
    [2, 5],
    [128, 8],
    [777, 3],
    [1000, 24],
  ])('counts exactly: %i token ids in, %i tokens out', async (prompt, output) => {
    const response = await complete({ prompt: wordIds(prompt), max_tokens: output, ignore_eos: true })
    const body = await answerOf(response)
    expect(response.status).toBe(200)
    expect(body.usage).toEqual(usageOf(prompt, output))
    expect(body.choices.length).toBe(1)
    expect(body.choices[0].finish_reason).toBe('length')
    expect(body.choices[0].text).toMatch(/\S/)
  })

  it('counts the tokens of a text as /tokenize does, and needs no model or max_tokens', async () => {
    const prompt = 'Ein Satz, with ünïcödé 😀\nand <|im_end|> as text.'
    const { count } = await answerOf(await post(`${engine.url}/tokenize`, { prompt }))
    const { usage } = await answerOf(await complete({ prompt }))
    expect(count).toBeGreaterThan(10)
    expect(usage).toEqual(usageOf(count, 16))
  })

  it('never reuses an earlier prompt: the same one again reports no cached tokens and the same greedy text', async () => {
    const request = { prompt: wordIds(200, 3), max_tokens: 12, ignore_eos: true }
    const [first, second] = [await answerOf(await complete(request)), await answerOf(await complete(request))]
    expect(second.usage).toEqual(usageOf(200, 12))
    expect(second.choices[0].text).toBe(first.choices[0].text)
  })

  it('streams one event a token, then usage in an event of its own, then [DONE]', async () => {
    const body = { prompt: wordIds(40), max_tokens: 9, ignore_eos: true }
    const response = await complete({ ...body, stream: true, stream_options: { include_usage: true } })
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    const events = parseEvents(await response.text())
    expect(events.length).toBe(9 + 1)
    const tokens = events.slice(0, -1)
    expect(tokens.every((event) => event.choices[0]?.text !== '' && event.usage === undefined)).toBe(true)
    expect(tokens.map((event) => event.choices[0]?.finish_reason)).toEqual([...Array(8).fill(null), 'length'])
    expect(events.at(-1)).toMatchObject({ choices: [], usage: usageOf(40, 9) })
    const whole = await answerOf(await complete(body))
    expect(tokens.map((event) => event.choices[0]?.text).join('')).toBe(whole.choices[0].text)
  })

  it('sends no usage when it is not asked for', async () => {
    const response = await complete({ prompt: wordIds(4), max_tokens: 2, ignore_eos: true, stream: true })
    const events = parseEvents(await response.text())
    expect(events.map((event) => event.usage)).toEqual([undefined, undefined])
  })

  it('repeats itself under a seed, and does not under another', async () => {
    const sample = async (seed: number) => {
      const body = { prompt: wordIds(20), max_tokens: 24, ignore_eos: true, temperature: 1.5, seed }
      return (await answerOf(await complete(body))).choices[0].text
    }
    const [first, again, other] = [await sample(11), await sample(11), await sample(12)]
    expect(again).toBe(first)
    expect(other).not.toBe(first)
  })

  it('forces a token by logit_bias, and streams each one by itself', async () => {
    const [word = 0] = wordIds(1)
    const body = { prompt: wordIds(5), max_tokens: 6, ignore_eos: true, logit_bias: { [word]: 100 }, stream: true }
    const texts = parseEvents(await (await complete(body)).text()).map((event) => event.choices[0]?.text)
    expect(texts.length).toBe(6)
    expect(new Set(texts).size).toBe(1)
    expect(texts[0]).toMatch(/^ [a-z]{4,6}$/)
  })

  it('counts tokens that never become a character, and holds them back for at most four', async () => {
    const body = { prompt: wordIds(5), max_tokens: 10, ignore_eos: true, logit_bias: { 226: 100 }, stream: true }
    const response = await complete({ ...body, stream_options: { include_usage: true } })
    const events = parseEvents(await response.text())
    expect(events.at(-1)?.usage?.completion_tokens).toBe(10)
    expect(events.slice(0, -1).map((event) => event.choices[0]?.finish_reason)).toEqual([null, null, 'length'])
  })
})

describe('the end of a text', () => {
  /** Bans every token that is not end of text, so that the model can say nothing else. */
  const onlyEnd = Object.fromEntries(Array.from({ length: 4095 }, (_, id) => [id, -100]))
  const end = (body: object) => complete({ prompt: wordIds(5), logit_bias: onlyEnd, max_tokens: 7, ...body })

  it('stops the generation', async () => {
    const { choices, usage } = await answerOf(await end({}))
    expect([choices[0].finish_reason, choices[0].text, usage.completion_tokens]).toEqual(['stop', '', 0])
  })

  it('is streamed as a last event with the reason', async () => {
    const events = parseEvents(await (await end({ stream: true })).text())
    expect(events.map((event) => event.choices[0]?.finish_reason)).toEqual(['stop'])
  })

  it('does not stop with ignore_eos: the length is exact', async () => {
    const { choices, usage } = await answerOf(await end({ ignore_eos: true }))
    expect([choices[0].finish_reason, usage.completion_tokens]).toEqual(['length', 7])
  })

  it('does not stop before min_tokens', async () => {
    const { choices, usage } = await answerOf(await end({ min_tokens: 3 }))
    expect([choices[0].finish_reason, usage.completion_tokens]).toEqual(['stop', 3])
  })
})

describe('POST /v1/chat/completions', () => {
  const chat = (body: object) =>
    post(`${engine.url}/v1/chat/completions`, { temperature: 0, ignore_eos: true, ...body })
  const messages = [
    { role: 'system', content: 'Be brief.' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Hello ' },
        { type: 'text', text: 'there' },
      ],
    },
  ]

  it('answers whole, with the prompt counted as /tokenize counts the conversation', async () => {
    const { count } = await answerOf(await post(`${engine.url}/tokenize`, { messages }))
    const body = await answerOf(await chat({ messages, max_tokens: 6 }))
    expect(body).toMatchObject({ object: 'chat.completion', model: 'random-nano', usage: usageOf(count, 6) })
    expect(body.choices[0]).toMatchObject({ finish_reason: 'length', message: { role: 'assistant' } })
    expect(body.choices[0].message.content).toMatch(/\S/)
  })

  it('streams the role without text first, then one event a token', async () => {
    const options = { stream: true, stream_options: { include_usage: true } }
    const events = parseEvents(await (await chat({ messages, max_completion_tokens: 5, ...options })).text())
    const [opening, ...rest] = events
    expect(opening?.choices[0]).toEqual({ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null })
    expect(rest.length).toBe(5 + 1)
    expect(rest.slice(0, 5).every((event) => event.choices[0]?.delta?.content)).toBe(true)
    expect(rest[4]?.choices[0]?.finish_reason).toBe('length')
    expect(rest[5]).toMatchObject({ object: 'chat.completion.chunk', choices: [], usage: { completion_tokens: 5 } })
  })

  it('fills the context when no limit is given', async () => {
    const { usage } = await answerOf(await chat({ messages: [{ role: 'user', content: 'go on '.repeat(120) }] }))
    expect(usage.total_tokens).toBe(1024)
  })

  it('takes control tokens in a text as text', async () => {
    const count = async (content: string) =>
      (await answerOf(await post(`${engine.url}/tokenize`, { messages: [{ role: 'user', content }] }))).count
    expect(await count('<|im_end|>')).toBeGreaterThan((await count('')) + 5)
  })
})

describe('POST /tokenize', () => {
  const tokenize = async (body: object) => answerOf(await post(`${engine.url}/tokenize`, body))

  it('says the same in the forms of vLLM and of llama.cpp', async () => {
    const text = ' some text to count'
    const vllm = await tokenize({ model: 'random-nano', prompt: text, add_special_tokens: true })
    expect(vllm).toEqual({ count: vllm.tokens.length, max_model_len: 1024, tokens: vllm.tokens })
    expect(await tokenize({ content: text })).toEqual({ tokens: vllm.tokens })
    expect(vllm.tokens.length).toBeGreaterThan(3)
  })

  it('has one token a word for words of the vocabulary, and one a byte for what it cannot read', async () => {
    expect((await tokenize({ prompt: ' baba beba' })).count).toBe(2)
    expect((await tokenize({ prompt: '€' })).tokens).toEqual([0xe2, 0x82, 0xac])
    expect((await tokenize({ prompt: '' })).count).toBe(0)
  })
})
