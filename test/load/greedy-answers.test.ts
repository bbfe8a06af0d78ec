import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { askGreedily, questions } from '../../src/load/greedy-answers.ts'
import { words } from '../../src/load/prompts/words.ts'
import { fakeOpenAi } from './fake-openai.ts'
import { type Answer, FakeServer, type Seen, sendJson } from './fake-server.ts'
import { wires } from './fakes/index.ts'
import { openAiWire } from './fakes/openai.ts'
import type { Wire } from './fakes/wire.ts'
import { apiConfig, knownTarget, noAbort, run, scenarioOf } from './load-setup.ts'

const everyWire: readonly Wire[] = [
  openAiWire('openai-completions', 'own event'),
  openAiWire('openai-chat', 'own event'),
  ...wires,
]
const byType = everyWire.map((wire): [string, Wire] => [wire.type, wire])
const completions = everyWire[0] as Wire
const limits = { signal: noAbort, timeoutMs: 20_000 }

/** Answers every question with the same three words, and says that the model ended there. */
const saying =
  (wire: Wire, text = 'Paris Paris Paris '): Answer =>
  (response) =>
    sendJson(response, 200, wire.body({ promptTokens: 9, tokens: 3, text }, wire.reasons.natural))

/** The target of a fake, of one API with these keys in its extra body. */
const targetOf = (server: FakeServer, wire: Wire, extraBody: Record<string, unknown> = {}) =>
  knownTarget(server.origin, apiConfig(wire.type, { extraBody }))

/** `sha256sum` of "Paris Paris Paris ", its first 16 digits. */
const parisDigest = 'd06162d1b49560af'

describe.for(byType)('%s', ([, wire]) => {
  test('gives text, end and count of each answer', async () => {
    await using server = await FakeServer.start(saying(wire))
    const outputs = await askGreedily(targetOf(server, wire), limits)
    expect(outputs?.durationMs).toBeGreaterThan(0)
    const answer = { digest: parisDigest, beginning: 'Paris Paris Paris ', tokens: 3 }
    expect(outputs?.answers).toEqual(questions.map(() => ({ ...answer, finishReason: wire.reasons.natural })))
  })

  test('is asked each question once, one after the other, whole, and for few tokens', async () => {
    await using server = await FakeServer.start(async (response, seen, index) => {
      await sleep(5)
      await saying(wire)(response, seen, index)
    })
    await askGreedily(targetOf(server, wire), limits)
    const asked = server.log.map((seen) => wire.asked(seen))
    expect(asked.map(({ prompt }) => JSON.stringify(prompt))).toEqual(
      questions.map((question) => expect.stringContaining(JSON.stringify(question))),
    )
    expect(asked.every(({ tokens, isStreaming }) => tokens >= 4 && tokens <= 32 && !isStreaming)).toBe(true)
    for (const [index, seen] of server.log.slice(1).entries()) {
      expect(seen.startedMs).toBeGreaterThanOrEqual(server.log[index]?.endedMs ?? Number.NaN)
    }
  })
})

describe('the model has no choice but where to end, whatever the extra body says', () => {
  const bodyOf = async (type: Wire['type'], extraBody: Record<string, unknown>): Promise<Seen['body']> => {
    const wire = everyWire.find((each) => each.type === type) as Wire
    await using server = await FakeServer.start(saying(wire))
    await askGreedily(targetOf(server, wire, extraBody), limits)
    return server.log[0]?.body ?? {}
  }
  const few = expect.any(Number)

  test.for(['openai-completions', 'openai-chat'] as const)('%s', async (type) => {
    const body = await bodyOf(type, { temperature: 0.8, ignore_eos: true, min_tokens: 5, priority: 1 })
    const { prompt, messages, ...rest } = body
    expect(prompt ?? messages).toBeDefined()
    expect(rest).toEqual({ model: 'fake/model', max_tokens: few, temperature: 0, stream: false, priority: 1 })
  })

  test('llama-cpp', async () => {
    const { prompt, ...rest } = await bodyOf('llama-cpp', { temperature: 0.8, ignore_eos: true })
    expect(rest).toEqual({ n_predict: few, temperature: 0, cache_prompt: false, stream: false })
    expect(prompt).toBe(questions[0])
  })

  test('ollama', async () => {
    const body = await bodyOf('ollama-generate', { options: { temperature: 0.8, num_ctx: 64 } })
    expect(body.options).toEqual({ num_predict: few, temperature: 0, seed: 0, num_ctx: 64 })
  })

  test('tgi', async () => {
    const body = await bodyOf('tgi', { parameters: { temperature: 0.8, top_p: 0.9, do_sample: true, truncate: 9 } })
    expect(body.parameters).toEqual({ max_new_tokens: few, do_sample: false, details: true, truncate: 9 })
  })

  test('sglang', async () => {
    const body = await bodyOf('sglang', { sampling_params: { temperature: 0.8, ignore_eos: true, top_k: 5 } })
    expect(body.sampling_params).toEqual({ max_new_tokens: few, temperature: 0, top_k: 5 })
  })
})

describe('a home-made endpoint', () => {
  const asked = async (request: string, outputTokens = 'usage.completion_tokens') => {
    const usage = { completion_tokens: 3 }
    await using server = await FakeServer.start((response) => sendJson(response, 200, { text: 'Paris', usage }))
    const api = apiConfig('generate')
    const target = knownTarget(
      server.origin,
      { ...api, generate: { ...api.generate, request, outputTokens } },
      { countSource: outputTokens === 'requested' ? 'requested' : 'mapping' },
    )
    return { outputs: await askGreedily(target, limits), requests: server.log.length }
  }

  test('is not asked unless its template says that it must not draw', async () => {
    expect(await asked('{"prompt": {{{prompt}}}, "max_new_tokens": {{outputTokens}}}')).toEqual({
      outputs: null,
      requests: 0,
    })
    expect((await asked('{"prompt": {{{prompt}}}, "n": {{outputTokens}}, "temperature": 0.7}')).outputs).toBeNull()
    expect((await asked('{"prompt": {{{prompt}}}, "n": {{outputTokens}}, "do_sample": true}')).outputs).toBeNull()
  })

  test.for([
    '{"prompt": {{{prompt}}}, "n": {{outputTokens}}, "temperature": 0}',
    '{"inputs": [{"text": {{{prompt}}}}], "parameters": {"n": {{outputTokens}}, "do_sample": false}}',
  ])('is asked by %s', async (template) => {
    const { outputs } = await asked(template)
    expect(outputs?.answers).toMatchObject(questions.map(() => ({ beginning: 'Paris', tokens: 3 })))
  })

  test('has no count where the count is only trusted', async () => {
    const { outputs } = await asked('{"prompt": {{{prompt}}}, "n": {{outputTokens}}, "temperature": 0}', 'requested')
    expect(outputs?.answers).toMatchObject(questions.map(() => ({ beginning: 'Paris', tokens: null })))
  })
})

test('answers differ in their digest where only their ends differ; only the beginning is kept', async () => {
  const long = '日本👍'.repeat(100)
  await using first = await FakeServer.start(saying(completions, `${long}.`))
  await using second = await FakeServer.start(saying(completions, `${long}!`))
  const one = (await askGreedily(targetOf(first, completions), limits))?.answers[0]
  const other = (await askGreedily(targetOf(second, completions), limits))?.answers[0]
  expect(one?.beginning).toBe(other?.beginning)
  expect([...(one?.beginning ?? '')]).toHaveLength(80)
  expect(one?.beginning.isWellFormed()).toBe(true)
  expect(one?.digest).not.toBe(other?.digest)
})

test('an answer without any text is an answer: a model that fell silent must be seen', async () => {
  await using server = await FakeServer.start(saying(completions, ''))
  const outputs = await askGreedily(targetOf(server, completions), limits)
  // `sha256sum` of nothing.
  expect(outputs?.answers[0]).toEqual({ digest: 'e3b0c44298fc1c14', beginning: '', finishReason: 'stop', tokens: 3 })
})

describe('a failure is no answer, costs little and breaks nothing', () => {
  const broken: [string, Answer][] = [
    ['an error', (response) => sendJson(response, 500, { error: 'out of memory' })],
    ['an error with status 200', (response) => sendJson(response, 200, { error: { message: 'no' } })],
    ['no JSON', (response) => void response.end('<html>')],
    ['no sign of an end', (response) => sendJson(response, 200, { choices: [{ text: 'Paris' }] })],
    ['a closed connection', (_, seen) => void seen.socket.destroy()],
  ]
  test.for(broken)('%s: null, and no more is asked', async ([, fault]) => {
    await using server = await FakeServer.start((response, seen, index) =>
      (index === 1 ? fault : saying(completions))(response, seen, index),
    )
    const outputs = await askGreedily(targetOf(server, completions), limits)
    expect(outputs?.answers).toMatchObject([{ digest: parisDigest }, null, null])
    expect(server.log).toHaveLength(2)
  })

  test('a server that never answers is given up when the time is over', async () => {
    await using server = await FakeServer.start(() => {})
    const outputs = await askGreedily(targetOf(server, completions), { signal: noAbort, timeoutMs: 100 })
    expect(outputs?.answers).toEqual([null, null, null])
    expect(server.log).toHaveLength(1)
  })

  test('a question that would not be answered in time is not asked: its answer would be made while measuring', async () => {
    await using server = await FakeServer.start(async (response, seen, index) => {
      await sleep(600)
      await saying(completions)(response, seen, index)
    })
    await askGreedily(targetOf(server, completions), { signal: noAbort, timeoutMs: 1_000 })
    expect(server.log).toHaveLength(1)
  })

  test('no server, or a run that was stopped: no answer, and no exception', async () => {
    await using server = await FakeServer.start(saying(completions))
    const target = targetOf(server, completions)
    const stopped = await askGreedily(target, { signal: AbortSignal.abort() })
    expect(stopped?.answers).toEqual([null, null, null])
    expect(server.log).toHaveLength(0)
    const nowhere = await askGreedily({ ...target, origin: 'http://127.0.0.1:1' }, limits)
    expect(nowhere?.answers).toEqual([null, null, null])
  })
})

describe('a prefix cache learns nothing that the measurement could profit from', () => {
  const firstWord = (text: string) => text.trim().split(/\W/)[0]?.toLowerCase() ?? ''

  test('no question begins with a word that prompts are made of, nor with that of another', () => {
    const first = questions.map(firstWord)
    expect(first.filter((word) => words.includes(word))).toEqual([])
    expect(new Set(first).size).toBe(questions.length)
  })

  test.for([null, { file: 'own.jsonl', sha256: '0'.repeat(64) }])(
    'no measured prompt begins as a question does, prompts of the team: %o',
    async (prompts) => {
      await using server = await FakeServer.start(fakeOpenAi())
      const target = targetOf(server, completions)
      await askGreedily(target, limits)
      await run(target, scenarioOf({ prompts, requests: 40 }), { ownPrompts: [...questions] })
      const asked = server.log.map(({ body }) => firstWord(String(body.prompt)))
      const measured = asked.slice(questions.length)
      expect(asked.slice(0, questions.length)).toEqual(questions.map(firstWord))
      expect(measured.length).toBeGreaterThanOrEqual(40)
      expect(measured.filter((word) => asked.indexOf(word) < questions.length)).toEqual([])
    },
  )
})
