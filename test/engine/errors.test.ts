import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerOf, type EngineProcess, post, startEngineProcess, wordIds } from './engine-process.ts'

let engine: EngineProcess
beforeAll(async () => {
  engine = await startEngineProcess(['--context-size', '256', '--sequences', '2'])
})
afterAll(() => engine.stop())

const prompt = wordIds(4)
const nested = (content: unknown) => ({ messages: [{ role: 'user', content }] })

async function errorOf(path: string, body: unknown) {
  const response = await post(`${engine.url}${path}`, body)
  const { error } = await answerOf(response)
  return { status: response.status, ...error }
}

describe('a request that cannot fit', () => {
  it.each([
    ['a prompt alone', wordIds(256), 1, 'prompt'],
    ['prompt and output together', wordIds(250), 7, 'max_tokens'],
    ['an output alone', prompt, 1000, 'max_tokens'],
  ])('is refused before it starts: %s', async (_, ids, maxTokens, param) => {
    const error = await errorOf('/v1/completions', { prompt: ids, max_tokens: maxTokens })
    expect(error).toMatchObject({ status: 400, code: 'context_length_exceeded', type: 'invalid_request_error', param })
    for (const part of ['256', `${ids.length} of the prompt`, `max_tokens ${maxTokens}`]) {
      expect(error.message).toContain(part)
    }
  })

  it('is refused in a stream as well, by status and not by an event', async () => {
    const error = await errorOf('/v1/completions', { prompt: wordIds(300), max_tokens: 8, stream: true })
    expect(error).toMatchObject({ status: 400, code: 'context_length_exceeded' })
  })

  it('is refused in a chat whose conversation is too long', async () => {
    const error = await errorOf('/v1/chat/completions', nested('word '.repeat(400)))
    expect(error).toMatchObject({ status: 400, code: 'context_length_exceeded' })
  })

  it('fits exactly at the limit', async () => {
    const response = await post(`${engine.url}/v1/completions`, {
      prompt: wordIds(250),
      max_tokens: 6,
      ignore_eos: true,
    })
    expect([response.status, (await answerOf(response)).usage.total_tokens]).toEqual([200, 256])
  })
})

describe('a wrong request is a 400 that names the field, the value and what is allowed', () => {
  it.each([
    ['no prompt', {}, 'prompt', 'list of token ids'],
    ['a prompt that is a number', { prompt: 3 }, 'prompt', 'list of token ids'],
    ['an empty text', { prompt: '' }, 'prompt', 'at least one token'],
    ['an empty list', { prompt: [] }, 'prompt', 'at least one token'],
    ['a token id past the vocabulary', { prompt: [300, 4096] }, 'prompt', 'from 0 to 4095, got 4096 at position 1'],
    ['a negative token id', { prompt: [-1] }, 'prompt', 'got -1'],
    ['half a token id', { prompt: [1.5] }, 'prompt', 'got 1.5'],
    ['a list of texts', { prompt: ['a', 'b'] }, 'prompt', 'got "a"'],
    ['no output tokens', { prompt, max_tokens: 0 }, 'max_tokens', 'got 0'],
    ['negative max_tokens', { prompt, max_tokens: -5 }, 'max_tokens', 'got -5'],
    ['half a max_tokens', { prompt, max_tokens: 2.5 }, 'max_tokens', 'got 2.5'],
    ['max_tokens as text', { prompt, max_tokens: '8' }, 'max_tokens', 'got "8"'],
    ['more min_tokens than max_tokens', { prompt, max_tokens: 4, min_tokens: 5 }, 'min_tokens', 'from 0 to 4'],
    ['a hot temperature', { prompt, temperature: 3 }, 'temperature', 'from 0 to 2, got 3'],
    ['a top_p above one', { prompt, top_p: 1.1 }, 'top_p', 'got 1.1'],
    ['a negative seed', { prompt, seed: -1 }, 'seed', 'got -1'],
    ['stream as text', { prompt, stream: 'yes' }, 'stream', 'got "yes"'],
    ['stream options as a list', { prompt, stream_options: [1] }, 'stream_options', 'expected an object'],
    ['a bias for no token', { prompt, logit_bias: { 5000: 1 } }, 'logit_bias', 'got 5000'],
    ['two answers', { prompt, n: 2 }, 'n', 'only 1'],
    ['stop words', { prompt, stop: ['x'] }, 'stop', 'not supported'],
  ])('%s', async (_, body, param, message) => {
    const error = await errorOf('/v1/completions', body)
    expect(error).toMatchObject({ status: 400, type: 'invalid_request_error', param })
    expect(error.message).toContain(message)
  })

  it.each([
    ['no messages', {}, 'messages'],
    ['an empty conversation', { messages: [] }, 'messages'],
    ['a message that is no object', { messages: ['hi'] }, 'messages[0].role'],
    ['a message without content', { messages: [{ role: 'user' }] }, 'messages[0].content'],
    ['a picture', nested([{ type: 'image_url' }]), 'messages[0].content'],
  ])('chat with %s', async (_, body, param) => {
    expect(await errorOf('/v1/chat/completions', body)).toMatchObject({ status: 400, param })
  })

  it.each(['', '{', 'null', '[1]', '"text"'])('a body that is %s', async (body) => {
    expect(await errorOf('/v1/completions', body)).toMatchObject({ status: 400, code: 'invalid_json' })
  })

  it('/tokenize without a text', async () => {
    expect(await errorOf('/tokenize', {})).toMatchObject({ status: 400, param: 'prompt' })
  })
})

describe('what is not there', () => {
  it('is a 404 that says which model there is', async () => {
    const error = await errorOf('/v1/completions', { prompt, model: 'gpt-9' })
    expect(error).toMatchObject({ status: 404, code: 'model_not_found' })
    expect(error.message).toBe('The model "gpt-9" does not exist; this server has random-nano')
  })

  it('is a 404 for a path, and a 405 with the right method for a wrong one', async () => {
    expect((await fetch(`${engine.url}/v1/nothing`)).status).toBe(404)
    expect((await fetch(`${engine.url}/constructor`)).status).toBe(404)
    const wrong = await fetch(`${engine.url}/v1/completions`)
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST'])
    expect((await post(`${engine.url}/health`, {})).status).toBe(405)
  })

  it('is a 413 for a body beyond 8 MiB', async () => {
    expect((await errorOf('/v1/completions', `"${'x'.repeat(9 * 1024 * 1024)}"`)).status).toBe(413)
  })
})

it('after all of these the server still answers, holds no slot, and complained of nothing', async () => {
  const response = await post(`${engine.url}/v1/completions`, { prompt, max_tokens: 3, ignore_eos: true })
  expect((await answerOf(response)).usage.completion_tokens).toBe(3)
  expect(await answerOf(await fetch(`${engine.url}/health`))).toMatchObject({ active: 0, queued: 0 })
  expect(engine.stderr()).toBe('')
})
