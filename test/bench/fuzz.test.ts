import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fuzz } from '../../bench/fuzz/fuzz.ts'
import { readPlainly } from '../../bench/fuzz/reference.ts'
import { makeSample, type Sample, subjects } from '../../bench/fuzz/samples.ts'
import { judgeAnswer } from '../../src/load/answer/judge-answer.ts'
import { Body } from '../../src/load/http/body.ts'
import { seededRandom } from '../../src/stats/random.ts'

test('thousands of healthy, cut, damaged and random answers: no crash, no wrong count, no false success', () => {
  const result = fuzz({ cases: 4000, seed: 7, first: 0, onProgress: () => {} })
  expect(result.failures).toEqual([])
  expect(result.cases).toBe(4000)
})

/** One sample of each subject, streamed and not. */
function samplesOfAll(): Sample[] {
  const random = seededRandom(11)
  const found = new Map<string, Sample>()
  for (let tries = 0; tries < 5000 && found.size < 2 * subjects.length; tries += 1) {
    const sample = makeSample(random)
    found.set(`${sample.subject.name} ${sample.streaming}`, sample)
  }
  return [...found.values()]
}

test('samples are of every API, streamed and not', () => {
  const names = samplesOfAll().map(({ subject, streaming }) => `${subject.name} ${streaming}`)
  expect(names.toSorted()).toEqual(subjects.flatMap(({ name }) => [`${name} false`, `${name} true`]).toSorted())
})

test('of every API: cut at every single byte, an answer counts only when nothing that matters is missing', () => {
  for (const { subject, streaming, bytes, outputTokens, neededBytes } of samplesOfAll()) {
    const { api, config } = subject
    for (let length = 0; length <= bytes.length; length += 1) {
      const body = Body.of([{ atMs: 1, bytes: bytes.subarray(0, length) }])
      const capture = { scheduledMs: 0, sentMs: 0, firstByteMs: 1, settledMs: 2, status: 200, body, failure: null }
      const { outcome } = judgeAnswer(capture, { api, config, streaming, outputTokens })
      expect(outcome === 'ok', `${subject.name} ${streaming}: ${length} of ${neededBytes}`).toBe(length >= neededBytes)
    }
  }
})

describe('the second opinion', () => {
  const [completions] = subjects.filter(({ name }) => name === 'openai-completions, usage in own event')
  const read = (body: string) => completions && readPlainly(Buffer.from(body), completions, true)

  test('reads an answer of known content', () => {
    const event = (text: string, finish: string | null) =>
      `data: ${JSON.stringify({ choices: [{ text, finish_reason: finish }] })}\r\n\r\n`
    const usage = 'data:{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2}}\n\n'
    expect(read(`: hi\n\n${event('a', null)}${event('"b"', 'length')}${usage}data: [DONE]`)).toEqual({
      text: 'a"b"',
      chunks: 2,
      promptTokens: 5,
      outputTokens: 2,
      cachedTokens: null,
      finishReason: 'length',
      isDone: true,
      isCut: false,
      hasError: false,
      isMalformed: false,
    })
  })

  test('sees errors, rubbish and cuts', () => {
    expect(read('data: {"error":"x"}\n\n')).toMatchObject({ hasError: true, isMalformed: false })
    expect(read('event: error\ndata: x\n\n')).toMatchObject({ hasError: true, isMalformed: false })
    expect(read('data: x\n\ndata: {}\n\n')).toMatchObject({ isMalformed: true, isCut: false })
    expect(read('data: {}\n\ndata: {"cho')).toMatchObject({ isMalformed: false, isCut: true })
  })
})

test('the command line names cases, seed and failures, and refuses what is no number', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [resolve(import.meta.dirname, '../../bench/fuzz.ts'), ...args], { encoding: 'utf8' })
  const good = run('--cases', '50', '--seed', '3', '--json')
  expect(JSON.parse(good.stdout)).toMatchObject({ cases: 50, failed: 0, failures: [] })
  expect(good.status).toBe(0)
  expect(run('--cases', 'many').status).not.toBe(0)
})
