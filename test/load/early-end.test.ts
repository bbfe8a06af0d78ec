import { describe, expect, test } from 'vitest'
import type { ApiConfig } from '../../src/model/config.ts'
import { fakeOpenAi } from './fake-openai.ts'
import { FakeServer } from './fake-server.ts'
import { fakeApi, type WireAnswer, type WireFault } from './fakes/fake-api.ts'
import { wires } from './fakes/index.ts'
import type { Wire } from './fakes/wire.ts'
import { apiConfig, countOutcomes, knownTarget, run, scenarioOf } from './load-setup.ts'

const free = { outputLength: 'at-most', concurrency: 1 } as const
const byType = wires.map((wire): [string, Wire] => [wire.type, wire])

/** A stream of so many tokens that ends for this reason. */
const ending =
  (tokens: number, reason: (answer: WireAnswer) => string): WireFault =>
  (response, answer) => {
    response.writeHead(200)
    response.end(answer.tokens(tokens) + answer.ending(tokens, reason(answer)))
  }
const natural = ({ wire }: WireAnswer) => wire.reasons.natural
const atLimit = ({ wire }: WireAnswer) => wire.reasons.length

describe.for(byType)('%s: with output-length at-most', ([, wire]) => {
  const measure = async (fault: WireFault) => {
    await using server = await FakeServer.start(fakeApi(wire, () => fault))
    return await run(knownTarget(server.origin, apiConfig(wire.type)), scenarioOf(free))
  }

  test('an answer that the model ended early is a success, and counts as long as it was', async () => {
    const result = await measure(ending(3, natural))
    expect(countOutcomes(result)).toEqual({ ok: 12 })
    for (const record of result.records) expect(record).toMatchObject({ outputTokens: 3, chunks: 3 })
  })

  test('an answer that somebody else cut short is a failure', async () => {
    const result = await measure(ending(3, atLimit))
    expect(countOutcomes(result)).toEqual({ 'wrong-length': 12 })
    expect(result.records[0]?.detail).toMatch(/^3 output tokens instead of 8 \(finish_reason \w+\)\.$/)
  })

  test('a longer answer is a failure as ever', async () => {
    expect(countOutcomes(await measure(ending(9, natural)))).toEqual({ 'wrong-length': 12 })
  })

  test('an answer without text is a failure as ever', async () => {
    const empty: WireFault = (response, { ending: end }) => {
      response.writeHead(200)
      response.end(end(0, wire.reasons.natural, ''))
    }
    const { ok } = countOutcomes(await measure(empty))
    expect(ok).toBeUndefined()
  })
})

describe('what is sent with output-length at-most', () => {
  const sent = async (type: ApiConfig['type'], outputLength: 'exact' | 'at-most') => {
    const wire = wires.find((each) => each.type === type)
    await using server = await FakeServer.start(wire ? fakeApi(wire) : fakeOpenAi())
    const scenario = scenarioOf({ requests: 1, concurrency: 1, outputLength })
    await run(knownTarget(server.origin, apiConfig(type)), scenario)
    return server.asked.at(-1)?.body ?? {}
  }

  test.for(['openai-completions', 'openai-chat'] as const)('%s: only the most tokens', async (type) => {
    expect(await sent(type, 'exact')).toMatchObject({ max_tokens: 8, min_tokens: 8, ignore_eos: true })
    const body = await sent(type, 'at-most')
    expect(body).toMatchObject({ max_tokens: 8, temperature: 0 })
    expect(body).not.toHaveProperty('min_tokens')
    expect(body).not.toHaveProperty('ignore_eos')
  })

  test('llama-cpp and sglang: the end of text counts', async () => {
    expect(await sent('llama-cpp', 'at-most')).toMatchObject({ n_predict: 8, ignore_eos: false })
    expect(await sent('sglang', 'at-most')).toMatchObject({
      sampling_params: { max_new_tokens: 8, ignore_eos: false },
    })
  })
})
