import { describe, expect, test } from 'vitest'
import { apis } from '../../../src/load/api/index.ts'
import { ownPromptAt } from '../../../src/load/prompts/own-prompts.ts'
import { apiTypes } from '../../../src/model/config.ts'
import type { OwnPrompt } from '../../../src/model/own-prompt.ts'
import { chatTypes } from '../../../src/plan/prompts/named-files.ts'
import { fakeOpenAi } from '../fake-openai.ts'
import { FakeServer } from '../fake-server.ts'
import { apiConfig, countOutcomes, knownTarget, run, scenarioOf } from '../load-setup.ts'

const key = { seed: 1, scenario: 'cell' }
const texts = ['alpha', 'beta', 'gamma', 'delta', 'epsilon']
const prompts = { file: 'prompts.jsonl', sha256: '0'.repeat(64) }

/** A prompt without the words in front of it. */
const bare = (prompt: unknown): string => String(prompt).slice(String(prompt).indexOf(':\n') + 2)
const many = (own: readonly OwnPrompt[], count: number, from = key) => {
  const promptAt = ownPromptAt(own, from)
  return Array.from({ length: count }, (_, index) => promptAt(index))
}

describe('own prompts', () => {
  test('come each once before any comes again, in another order each round', () => {
    const rounds = Array.from({ length: 40 }, (_, round) =>
      many(texts, 200)
        .slice(5 * round, 5 * round + 5)
        .map(bare),
    )
    for (const round of rounds) expect(round.toSorted()).toEqual(texts.toSorted())
    expect(new Set(rounds.map((round) => round.join())).size).toBeGreaterThan(20)
  })

  test('are the same for the same seed, scenario and index, in whichever order they are asked for', () => {
    const forward = many(texts, 50)
    const promptAt = ownPromptAt(texts, key)
    const backward = Array.from({ length: 50 }, (_, index) => promptAt(49 - index)).reverse()
    expect(backward).toEqual(forward)
    expect(many(texts, 50)).toEqual(forward)
    expect(many(texts, 50, { ...key, seed: 2 })).not.toEqual(forward)
    expect(many(texts, 50, { ...key, scenario: 'other' })).not.toEqual(forward)
  })

  test('begin differently each time, so that no cache can answer for one that came before', () => {
    const nonces = many(['same', 'other'], 10_000).map((prompt) => String(prompt).split(':\n')[0])
    expect(new Set(nonces).size).toBe(10_000)
    for (const [index, nonce] of nonces.entries()) {
      expect(nonce?.split(' ')[0]).not.toBe(nonces[index + 1]?.split(' ')[0])
    }
  })

  test('keep their text to the letter', () => {
    const odd = ['  two\n\nlines \t', '日本語 🚀 "quoted" \\']
    expect(new Set(many(odd, 2).map(bare))).toEqual(new Set(odd))
  })

  test('that are conversations have the words in front of their first message, and nothing else changed', () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
    ]
    const [prompt] = many([{ messages }], 1) as [{ messages: typeof messages }]
    expect(prompt.messages.slice(1)).toEqual(messages.slice(1))
    expect(prompt.messages[0]?.role).toBe('system')
    expect(bare(prompt.messages[0]?.content)).toBe('Be brief.')
    expect(messages[0]?.content).toBe('Be brief.')
  })
})

describe('a scenario with own prompts', () => {
  test('sends them, warm-up first, and records what the server counted for each', async () => {
    await using server = await FakeServer.start(fakeOpenAi())
    const own = ['one', 'one two', 'one two three four']
    const scenario = scenarioOf({ prompts, promptTokens: 1, requests: 13 })
    const result = await run(knownTarget(server.origin, apiConfig('openai-completions')), scenario, { ownPrompts: own })
    expect(countOutcomes(result)).toEqual({ ok: 13 })
    expect(result.window.promptSource).toBe('file')
    expect(server.asked).toHaveLength(result.window.warmupRequests + 13)
    const sent = server.asked.map(({ body }) => body.prompt)
    expect(new Set(sent).size).toBe(sent.length)
    expect(sent).toEqual(expect.arrayContaining(many(own, 13)))
    // Four words in front, and one to four of the prompt; with no space between, the fake takes two of them for one.
    expect(new Set(result.records.map(({ promptTokens }) => promptTokens))).toEqual(new Set([4, 5, 7]))
  })

  test('sends conversations to a chat API as they are, and a text as one message', async () => {
    await using server = await FakeServer.start(fakeOpenAi())
    const chat = {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
      ],
    }
    const scenario = scenarioOf({ prompts, requests: 5 })
    await run(knownTarget(server.origin, apiConfig('openai-chat')), scenario, { ownPrompts: [chat, 'Hello'] })
    const sent = server.asked.map(({ body }) => body.messages as { role: string; content: string }[])
    expect(new Set(sent.map((messages) => messages.map(({ role }) => role).join()))).toEqual(
      new Set(['system,user', 'user']),
    )
    for (const messages of sent) expect(messages.at(-1)?.content).toMatch(messages.length === 2 ? /^Hi$/ : /:\nHello$/)
  })

  test('is never measured on made prompts instead', async () => {
    await using server = await FakeServer.start(fakeOpenAi())
    const target = knownTarget(server.origin, apiConfig('openai-completions'))
    await expect(run(target, scenarioOf({ prompts }))).rejects.toThrow('none of them were read')
    expect(server.asked).toEqual([])
  })
})

test('the configuration knows which APIs take conversations', () => {
  expect(apiTypes.filter((type) => apis[type].takesMessages)).toEqual(apiTypes.filter((type) => chatTypes.has(type)))
})
