import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findRecordings } from '../../src/merge/find-recordings.ts'
import { readRecordings } from '../../src/merge/read-recordings.ts'
import { defaultPolicy } from '../../src/model/policy.ts'
import { createRecording } from '../../src/recording/write.ts'
import { fiveRequests, header, trial } from '../recording/sample.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'llm-perf-merge-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A shard's recording as its job leaves it: one head trial, and what it came to. */
async function record(path: string, index: number, conclusion: string | null = 'pass'): Promise<void> {
  const gate = { ...defaultPolicy, shard: { index, count: 2 } }
  const writer = await createRecording(join(folder, path, 'head'), { ...header, plan: { ...header.plan, gate } })
  await writer.append(trial('h1', 0), fiveRequests('h1'))
  if (conclusion === null) return
  writeFileSync(
    join(folder, path, 'report.json'),
    JSON.stringify({ schema: 'llm-perf-report/1', conclusion, cells: [] }),
  )
}

const namesOf = async () => (await readRecordings(folder)).recordings.map(({ name }) => name)

test('a folder each, as artifacts are downloaded, whatever else lies beside them', async () => {
  await record('perf-2', 2)
  await record('perf-1', 1)
  mkdirSync(join(folder, 'coverage'))
  writeFileSync(join(folder, 'notes.txt'), '')
  const { recordings, findings } = await readRecordings(folder)
  expect(findings).toEqual([])
  expect(recordings.map(({ name, conclusion, run }) => [name, conclusion, run.head.plan.gate.shard?.index])).toEqual([
    ['perf-1', 'pass', 1],
    ['perf-2', 'pass', 2],
  ])
})

test('a folder within each, where more was uploaded than the recording', async () => {
  await record(join('perf-1', 'default-shard-1-of-2'), 1)
  expect(await namesOf()).toEqual(['perf-1/default-shard-1-of-2'])
})

test('a single artifact, which is unpacked into the folder itself', async () => {
  await record('.', 1)
  expect(await namesOf()).toEqual(['.'])
})

test('no deeper: a whole checkout is not searched', async () => {
  await record(join('x', 'y', 'z'), 1)
  expect(await findRecordings(folder)).toEqual([])
})

test('nothing, or no such folder, is told', async () => {
  expect(await readRecordings(folder)).toMatchObject({ recordings: [], findings: [{ code: 'no-recordings' }] })
  expect(await readRecordings(join(folder, 'nowhere'))).toMatchObject({ findings: [{ code: 'no-recordings' }] })
})

test('a job that ended before its verdict has none', async () => {
  await record('perf-1', 1, null)
  expect((await readRecordings(folder)).recordings).toMatchObject([{ conclusion: null }])
})

test.each([
  ['run.json that is no JSON', 'head/run.json', '{', /not JSON/],
  ['a request that is no request', 'head/requests.jsonl', '{"trial":"h1"}\n{}\n', /requests\.jsonl:1/],
  ['a report of a strange verdict', 'report.json', '{"schema":"llm-perf-report/1","conclusion":"fine"}', /conclusion/],
  ['a report of another version', 'report.json', '{"schema":"llm-perf-report/9","conclusion":"pass"}', /schema/],
  ['a baseline that is damaged', 'baseline.json', '{}', /not a baseline file/],
])('%s is a finding that names the recording, and the others are still read', async (_what, file, text, message) => {
  await record('perf-1', 1)
  await record('perf-2', 2)
  writeFileSync(join(folder, 'perf-1', file), text)
  const { recordings, findings } = await readRecordings(folder)
  expect(recordings.map(({ name }) => name)).toEqual(['perf-2'])
  expect(findings).toMatchObject([{ code: 'unreadable-recording', scenario: null }])
  expect(findings[0]?.message).toMatch(/^The recording in perf-1 cannot be read: /)
  expect(findings[0]?.message).toMatch(message)
})

test('a folder of a side without its recording is a finding, not nothing', async () => {
  mkdirSync(join(folder, 'perf-1', 'head'), { recursive: true })
  expect(await readRecordings(folder)).toMatchObject({ recordings: [], findings: [{ code: 'unreadable-recording' }] })
})
