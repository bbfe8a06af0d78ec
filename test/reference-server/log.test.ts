import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { monotonicMs } from '../../src/reference-server/index.ts'
import { completion, post, startReference } from './start-reference.ts'

/** Timers may be early by a millisecond where they are not ours. */
const slackMs = 1

test('the log tells arrival, first and last token by the clock that this process reads too', async () => {
  await using server = await startReference({ ttftMs: 30, gapMs: 5 })
  const beforeMs = monotonicMs()
  await post(server.origin, '/v1/completions', completion({ max_tokens: 9 }))
  const afterMs = monotonicMs()
  const [entry] = server.log
  const { arrivalMs, firstTokenMs, lastTokenMs } = entry as unknown as Record<string, number>
  const times = [beforeMs, arrivalMs, firstTokenMs, lastTokenMs, afterMs]
  expect(times).toEqual(times.toSorted((a = 0, b = 0) => a - b))
  // Never early: TTFT and the gaps are what the server promises.
  expect((firstTokenMs ?? 0) - (arrivalMs ?? 0)).toBeGreaterThanOrEqual(30)
  expect((lastTokenMs ?? 0) - (arrivalMs ?? 0)).toBeGreaterThanOrEqual(30 + 8 * 5)
  expect(entry).toMatchObject({ tokens: 9, askedTokens: 9, streaming: true, fault: null, promptStart: 'one two three' })
})

test('a late token makes none of the later ones late', async () => {
  await using server = await startReference({ ttftMs: 20, gapMs: 100 })
  const answer = post(server.origin, '/v1/completions', completion({ max_tokens: 11 }))
  await sleep(60)
  const blockedUntil = performance.now() + 900
  while (performance.now() < blockedUntil);
  await answer
  const { arrivalMs, lastTokenMs } = server.log[0] as { arrivalMs: number; lastTokenMs: number }
  // Due after 1020 ms. Nine gaps fell into the block; sleeping from token to token would end after 1800 ms at best.
  expect(lastTokenMs - arrivalMs).toBeGreaterThanOrEqual(20 + 10 * 100)
  expect(lastTokenMs - arrivalMs).toBeLessThan(1600)
})

test('a whole answer comes when its last token is due', async () => {
  await using server = await startReference({ ttftMs: 20, gapMs: 10 })
  const startMs = performance.now()
  await post(server.origin, '/v1/completions', completion({ stream: false }))
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(20 + 3 * 10 - slackMs)
})

test('requests are told apart by their id or by how their prompts begin', async () => {
  await using server = await startReference()
  const body = JSON.stringify(completion({ prompt: [11, 12, 13, 14, 15, 16, 17, 18, 19] }))
  await fetch(`${server.origin}/v1/completions`, { method: 'POST', body, headers: { 'x-request-id': 'r-7' } }).then(
    (response) => response.text(),
  )
  expect(server.log[0]).toMatchObject({ id: 'r-7', promptStart: '11 12 13 14 15 16 17 18' })
})

test('the log is served, and forgotten when asked to', async () => {
  await using server = await startReference()
  await post(server.origin, '/v1/completions', completion())
  const served = async (): Promise<unknown[]> => {
    const value = (await (await fetch(`${server.origin}/log`)).json()) as { requests: unknown[] }
    return value.requests
  }
  expect(await served()).toEqual(server.log)
  expect(server.log).toHaveLength(1)
  await post(server.origin, '/log/clear', {})
  expect(await served()).toEqual([])
})
