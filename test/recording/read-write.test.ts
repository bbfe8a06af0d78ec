import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ActionError } from '../../src/errors.ts'
import { readRecording } from '../../src/recording/read.ts'
import { createRecording } from '../../src/recording/write.ts'
import { fiveRequests, header, request, trial } from './sample.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llm-perf-recording-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

async function written(): Promise<void> {
  const writer = await createRecording(folder, header)
  await writer.append(trial('h1', 0), fiveRequests('h1'))
  await writer.append(trial('h2', 1), fiveRequests('h2'))
}

async function refusal(): Promise<ActionError> {
  const error: unknown = await readRecording(folder).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error instanceof ActionError) return error
  throw new Error(`expected a refusal, got ${String(error)}`)
}

async function edit(file: string, from: string | RegExp, to: string): Promise<void> {
  const path = join(folder, file)
  const text = await readFile(path, 'utf8')
  const changed = text.replace(from, to)
  if (changed === text) throw new Error(`nothing to change in ${file}`)
  await writeFile(path, changed)
}

test('a recording is read back as it was written', async () => {
  await written()
  const { run, requests } = await readRecording(folder)
  expect(run).toEqual({ ...header, trials: [trial('h1', 0), trial('h2', 1)] })
  expect(requests).toEqual([...fiveRequests('h1'), ...fiveRequests('h2')])
})

test('slowdowns that were accepted are part of it; a recording that names none accepts none', async () => {
  const accepted = [{ scenario: 'p16-o4-c1', metric: 'latencyTail', reason: 'on purpose', source: 'commit 0' } as const]
  const { append } = await createRecording(folder, { ...header, accepted })
  await append(trial('h1', 0), fiveRequests('h1'))
  expect((await readRecording(folder)).run.accepted).toEqual(accepted)
  await edit('run.json', '"reason": "on purpose"', '"reason": ""')
  expect((await refusal()).message).toMatch(/run\.json: accepted\.0\.reason/)
  await written()
  expect((await readRecording(folder)).run.accepted ?? []).toEqual([])
})

test('each request is one line with the documented keys, in their order', async () => {
  await written()
  const [line = ''] = (await readFile(join(folder, 'requests.jsonl'), 'utf8')).split('\n')
  expect(Object.keys(JSON.parse(line) as object).join()).toBe(
    'trial,scenario,index,scheduledMs,sentMs,firstByteMs,firstTokenMs,lastTokenMs,endMs,' +
      'promptTokens,outputTokens,firstChunkTokens,chunks,cachedTokens,status,outcome,detail',
  )
})

describe('a crash loses at most the trial in flight', () => {
  test('lines of a trial that run.json does not name are left out', async () => {
    await written()
    await appendFile(join(folder, 'requests.jsonl'), `${JSON.stringify(request('h3', 0))}\n`)
    expect((await readRecording(folder)).requests).toHaveLength(10)
  })

  test('a last line that was cut in the middle is left out', async () => {
    await written()
    await appendFile(join(folder, 'requests.jsonl'), JSON.stringify(request('h3', 0)).slice(0, 60))
    expect((await readRecording(folder)).requests).toHaveLength(10)
  })

  test('a new recording in the same folder does not inherit the old lines', async () => {
    await written()
    await createRecording(folder, header)
    const { run, requests } = await readRecording(folder)
    expect([run.trials, requests]).toEqual([[], []])
  })
})

describe('what is not understood is refused, with file and line', () => {
  test.each<[string, string, string | RegExp, string, string]>([
    ['a newer schema', 'run.json', 'recording/1', 'recording/2', 'llm-perf-recording/2'],
    ['an older schema', 'run.json', 'recording/1', 'recording/0', 'llm-perf-recording/0'],
    ['no schema', 'run.json', '"schema"', '"scheme"', 'schema is missing'],
    ['truncated JSON', 'run.json', /,\s*"trials"[\s\S]*$/, '', 'run.json: not JSON'],
    ['an unknown key', 'run.json', '"seed"', '"extra": 1, "seed"', 'extra'],
    ['a negative time', 'run.json', '"startupMs": 900', '"startupMs": -900', 'trials.0.startupMs'],
    ['a trial twice', 'run.json', '"id": "h2"', '"id": "h1"', 'trial "h1" is listed twice'],
    ['an unknown outcome', 'requests.jsonl', '"outcome":"ok"', '"outcome":"fine"', 'requests.jsonl:1: outcome'],
    ['NaN', 'requests.jsonl', '"endMs":1090', '"endMs":NaN', 'requests.jsonl:1: not JSON'],
    ['a number as text', 'requests.jsonl', '"status":200', '"status":"200"', 'requests.jsonl:1: status'],
    ['a blank line', 'requests.jsonl', '\n', '\n\n', 'requests.jsonl:2: not JSON'],
  ])('%s', async (_what, file, from, to, says) => {
    await written()
    await edit(file, from, to)
    const error = await refusal()
    expect(error.code).toBe('usage')
    expect(error.message).toContain(says)
    expect(error.hint).not.toBe('')
  })

  test('a folder without a recording', async () => {
    expect((await refusal()).message).toMatch(/run\.json: cannot be read/)
  })

  test('a recording whose requests are missing', async () => {
    await written()
    await rm(join(folder, 'requests.jsonl'))
    expect((await refusal()).message).toMatch(/requests\.jsonl: cannot be read/)
  })
})
