import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, requestOneToken } from '../../../src/load/index.ts'
import type { OwnPrompt } from '../../../src/model/own-prompt.ts'
import { lengthsOf } from '../../../src/recording/lengths.ts'
import { type EngineProcess, startEngineProcess } from '../../engine/engine-process.ts'
import { apiConfig, countOutcomes, noAbort, run, scenarioOf } from '../load-setup.ts'

// Own prompts and words made to measure on a real engine, whose vocabulary knows only syllables.

let engine: EngineProcess | undefined
beforeAll(async () => {
  engine = await startEngineProcess(['--preset', 'nano'])
})
afterAll(async () => {
  await engine?.stop()
})

const limits = { signal: noAbort, timeoutMs: 60_000 }
const requestTimeoutMs = 60_000
const prompts = { file: 'p.jsonl', sha256: '0'.repeat(64) }
const chat = (system: string, user: string): OwnPrompt => ({
  messages: [
    { role: 'system', content: system },
    { role: 'user', content: user },
  ],
})

test.each<[string, 'openai-completions' | 'openai-chat', OwnPrompt[]]>([
  [
    'texts',
    'openai-completions',
    ['Short.', 'A much longer prompt, of a good many more words than the other one has.'],
  ],
  [
    'texts in a chat',
    'openai-chat',
    ['Short.', 'A much longer prompt, of a good many more words than the other one has.'],
  ],
  ['conversations', 'openai-chat', [chat('Be brief.', 'Hi'), chat('Be as thorough as you can.', 'What is a bicycle?')]],
])('own prompts, as %s: answers of the exact length, nothing from a cache', async (_what, type, ownPrompts) => {
  const origin = engine?.url ?? ''
  const api = apiConfig(type)
  await requestOneToken(origin, api, limits)
  const target = await connect(origin, api, limits)
  const scenario = scenarioOf({ prompts, promptTokens: 5, outputTokens: 6, requests: 10 })
  const { records, window } = await run(target, scenario, { ownPrompts, requestTimeoutMs })
  expect(countOutcomes({ records, window })).toEqual({ ok: 10 })
  expect(records.map(({ outputTokens, cachedTokens }) => [outputTokens, cachedTokens ?? 0])).toEqual(
    records.map(() => [6, 0]),
  )
  const { least, most } = lengthsOf(scenario, window, records)?.prompt.counted ?? { least: 0, most: 0 }
  expect(least).toBeGreaterThan(4)
  // The longer prompt has more than four times the characters of the shorter one; the words in front even that out a bit.
  expect(most).toBeGreaterThan(least + 10)
})

test('the same own prompts, run twice, come to the same counts request by request', async () => {
  const origin = engine?.url ?? ''
  const target = await connect(origin, apiConfig('openai-completions'), limits)
  const scenario = scenarioOf({ prompts, outputTokens: 2, requests: 8 })
  const ownPrompts = ['one', 'one and two', 'one and two and three and four']
  const countsOf = async () => {
    const { records } = await run(target, scenario, { ownPrompts, requestTimeoutMs })
    return records.toSorted((a, b) => a.index - b.index).map(({ promptTokens }) => promptTokens)
  }
  expect(await countsOf()).toEqual(await countsOf())
})
