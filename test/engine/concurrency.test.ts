import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { answerOf, type EngineProcess, parseEvents, post, startEngineProcess, wordIds } from './engine-process.ts'

let engine: EngineProcess
afterEach(() => engine.stop())

const usageAsked = { stream: true, stream_options: { include_usage: true } }

/** One streamed request; throws unless prompt, output and events are exactly as asked for. */
async function exactStream(prompt: number, output: number, start: number): Promise<void> {
  const body = { prompt: wordIds(prompt, start), max_tokens: output, ignore_eos: true, temperature: 0, ...usageAsked }
  const events = parseEvents(await (await post(`${engine.url}/v1/completions`, body)).text())
  const usage = events.at(-1)?.usage
  expect([events.length - 1, usage?.prompt_tokens, usage?.completion_tokens]).toEqual([output, prompt, output])
}

async function abortedStream(start: number): Promise<void> {
  const abort = new AbortController()
  const body = { prompt: wordIds(150, start), max_tokens: 600, ignore_eos: true, stream: true }
  const response = await post(`${engine.url}/v1/completions`, body, { signal: abort.signal })
  const reader = response.body?.getReader()
  // Some go while they wait for a slot, some in the middle of their stream.
  if (start % 2 === 0) await reader?.read()
  abort.abort()
}

async function idleHealth(): Promise<unknown> {
  for (let attempt = 0; ; attempt++) {
    const health = await answerOf(await fetch(`${engine.url}/health`))
    if ((health.active === 0 && health.queued === 0) || attempt === 100) return health
    await delay(50)
  }
}

describe('many requests at once', () => {
  it.each([
    ['eight slots', ['--sequences', '8']],
    ['three slots, so that most wait', ['--sequences', '3']],
    ['no step barrier', ['--barrier', 'off']],
    ['prompts in chunks of three tokens', ['--prefill-chunk', '3']],
    ['two guard passes over each prompt', ['--guard-passes', '2']],
    ['probabilities at each step', ['--probabilities', 'on']],
    ['small batches without flash attention', ['--batch-size', '16', '--flash-attention', 'off']],
  ])('are all counted exactly with %s', async (_, args) => {
    engine = await startEngineProcess(args)
    let next = 0
    const worker = async (): Promise<void> => {
      for (let index = next++; index < 24; index = next++) {
        await exactStream(1 + ((index * 37) % 140), 1 + ((index * 7) % 19), index)
      }
    }
    await Promise.all(Array.from({ length: 8 }, worker))
    expect(await idleHealth()).toMatchObject({ active: 0, queued: 0 })
  })

  it('lose nothing to clients that go away: 12 aborted and 12 exact ones on 4 slots', async () => {
    engine = await startEngineProcess(['--sequences', '4'])
    const requests = Array.from({ length: 12 }, (_, index) => [abortedStream(index), exactStream(60, 20, 50 + index)])
    await Promise.all(requests.flat())
    expect(await idleHealth()).toMatchObject({ active: 0, queued: 0 })
    await Promise.all(Array.from({ length: 6 }, (_, index) => exactStream(30, 10, 90 + index)))
    expect(engine.stderr()).toBe('')
  })

  it('are computed together: with a slot each, all streams are under way before the first ends', async () => {
    engine = await startEngineProcess(['--sequences', '4'])
    const order: string[] = []
    const run = async (name: string): Promise<void> => {
      const body = { prompt: wordIds(8), max_tokens: 200, ignore_eos: true, stream: true }
      const response = await post(`${engine.url}/v1/completions`, body)
      const reader = response.body?.getReader()
      await reader?.read()
      order.push(`${name} began`)
      while (!(await reader?.read())?.done);
      order.push(`${name} ended`)
    }
    await Promise.all(['a', 'b', 'c', 'd'].map(run))
    expect(order.slice(0, 4).every((entry) => entry.endsWith('began'))).toBe(true)
  })
})
