import { describe, expect, test } from 'vitest'
import { mergeRecordings } from '../../src/merge/merge-recordings.ts'
import { type FoundRecording, mergeFinding } from '../../src/merge/recording.ts'
import type { AcceptedSlowdown } from '../../src/model/accepted.ts'
import { soundReport } from '../../src/report/index.ts'
import { pairs, trial, verdicts } from '../judge/evidence.ts'
import { expected, firstOfTwo, matrix, measure, recordingOf, secondOfTwo } from './sample.ts'

const first = recordingOf(firstOfTwo)
const second = recordingOf(secondOfTwo)
const slow = { trials: pairs(11, measure(secondOfTwo, { b: 1.5 })), conclusion: 'regressed' } as const
const slowSecond = recordingOf(secondOfTwo, slow)
const accepted: AcceptedSlowdown = { scenario: 'b', metric: null, reason: 'on purpose', source: 'commit 0 by Ada' }

function merge(recordings: readonly FoundRecording[], taken: readonly AcceptedSlowdown[] = []) {
  const found = { recordings, findings: [] }
  const { report, judged } = mergeRecordings(found, expected, { accepted: taken, notes: [] })
  // What is published: nothing may hide in a report that is not sound.
  return { report: soundReport(report), judged: judged.map(({ shard }) => shard.index) }
}

const codes = (report: { findings: readonly { code: string }[] }) => report.findings.map(({ code }) => code)

test('shards without a change pass, judged again from their trials', () => {
  const { report, judged } = merge([second, first])
  expect(report).toMatchObject({ conclusion: 'pass', overall: 'unchanged', findings: [], pairs: 22, trials: 44 })
  expect(judged).toEqual([1, 2])
  expect(new Set(report.cells.map(({ scenario }) => scenario))).toEqual(new Set(['a', 'b', 'c', 'd', null]))
})

test('a slowdown in one shard is regressed, in the scenario that got slower', () => {
  const { report } = merge([first, slowSecond])
  expect(report).toMatchObject({ conclusion: 'regressed', overall: 'regressed', findings: [] })
  expect(verdicts(report)).toMatchObject({
    'a latencyTail': 'unchanged',
    'b latencyTail': 'regressed',
    'd latencyTail': 'unchanged',
  })
})

test('a slowdown stands while the other shard is missing, and the missing one is named', () => {
  const { report } = merge([slowSecond])
  expect(report.conclusion).toBe('regressed')
  expect(codes(report)).toEqual(['shard-missing'])
  expect(verdicts(report)).toMatchObject({
    'a latencyTail': 'missing',
    'b latencyTail': 'regressed',
    'c tokensPerSecond': 'missing',
  })
})

describe('never green', () => {
  test('nothing at all', () => {
    const { report } = merge([])
    expect(report.conclusion).toBe('invalid')
    expect(report.cells.map(({ verdict }) => verdict)).toEqual(Array(2 * matrix.length).fill('missing'))
  })

  test('a shard that is missing, twice, of another policy, or without a verdict of its job', () => {
    const again = { ...second, name: 'again' }
    for (const recordings of [
      [first],
      [first, second, again],
      [first, recordingOf(secondOfTwo, { gate: { failureLimit: 1 } })],
      [first, recordingOf(secondOfTwo, { conclusion: null })],
    ]) {
      const { report, judged } = merge(recordings)
      expect(report.conclusion).toBe('invalid')
      expect(judged).toEqual([1])
      expect(verdicts(report)).toMatchObject({ 'b latencyTail': 'missing', 'd tokensPerSecond': 'missing' })
    }
  })

  test('an unreadable recording beside all shards', () => {
    const findings = [mergeFinding('unreadable-recording', 'The recording in x cannot be read.', 'Measure again.')]
    const { report } = mergeRecordings({ recordings: [first, second], findings }, expected, { accepted: [], notes: [] })
    expect(report).toMatchObject({ conclusion: 'invalid', findings })
  })

  test('a recording that looks better than what its job came to', () => {
    for (const conclusion of ['invalid', 'regressed', 'inconclusive'] as const) {
      const { report } = merge([first, recordingOf(secondOfTwo, { conclusion })])
      expect(report.conclusion).toBe('invalid')
      expect(codes(report)).toEqual(['shard-verdict'])
      expect(report.findings[0]?.message).toContain(`2/2 (rec-2) came to "${conclusion}", its recording to "pass"`)
      expect(verdicts(report)['b latencyTail']).toBe('missing')
    }
  })

  test('a slowdown that the job of the shard did not tell', () => {
    const { report } = merge([first, recordingOf(secondOfTwo, { ...slow, conclusion: 'pass' })])
    expect(report.conclusion).toBe('regressed')
    expect(codes(report)).toEqual(['shard-verdict'])
  })

  test('a shard whose trial is broken, with the finding as that shard’s', () => {
    const died = { code: 'server-died', scenario: null, message: 'The server exited.', hint: 'Look at its log.' }
    const trials = [...pairs(3, measure(secondOfTwo)), trial('head', 3, {}, [died])]
    const { report } = merge([first, recordingOf(secondOfTwo, { trials, conclusion: 'invalid' })])
    expect(report.conclusion).toBe('invalid')
    expect(report.findings).toEqual([{ ...died, shard: secondOfTwo }])
    expect(verdicts(report)).toMatchObject({ 'a latencyTail': 'unchanged', 'b latencyTail': 'invalid' })
  })

  test('pairs too few for a shard’s part of the error budget', () => {
    // Eight pairs that all agree are 1 of 256: within 1 %, and within its half for two shards, but not within a quarter.
    const quarter = { index: 2, count: 4 }
    const trials = pairs(8, measure(quarter, { b: 1.5 }))
    const recording = recordingOf(quarter, { trials, conclusion: 'inconclusive' })
    const { report } = merge([recording])
    expect(verdicts(report)['b latencyTail']).toBe('inconclusive')
    expect(report.conclusion).toBe('invalid')
  })
})

describe('acceptances are read afresh', () => {
  test('one that came after the shard was judged takes its slowdown', () => {
    const { report } = merge([first, slowSecond], [accepted])
    expect(report).toMatchObject({ conclusion: 'pass', overall: 'accepted', findings: [], accepted: [accepted] })
    expect(report.notes.filter((note) => note.includes('it changed nothing'))).toEqual([])
  })

  test('one that the shard was judged under takes its slowdown still, and its job is held to the same', () => {
    const known = (conclusion: 'pass' | 'regressed') =>
      recordingOf(secondOfTwo, { ...slow, run: { accepted: [{ ...accepted }] }, conclusion })
    expect(merge([first, known('pass')], [accepted]).report).toMatchObject({
      conclusion: 'pass',
      overall: 'accepted',
      findings: [],
    })
    const { report } = merge([first, known('regressed')], [accepted])
    expect(report.conclusion).toBe('invalid')
    expect(report.findings[0]?.message).toContain('came to "regressed", its recording to "pass"')
  })

  test('one that was taken back since lets the slowdown stand, and the job is held to what it knew', () => {
    const known = recordingOf(secondOfTwo, { ...slow, run: { accepted: [accepted] }, conclusion: 'pass' })
    const { report } = merge([first, known], [{ ...accepted, scenario: 'd' }])
    expect(report.conclusion).toBe('regressed')
    expect(codes(report)).toEqual([])
  })

  test('one that only the recording knows takes nothing', () => {
    const forged = recordingOf(secondOfTwo, { ...slow, run: { accepted: [accepted] }, conclusion: 'pass' })
    expect(merge([first, forged]).report.conclusion).toBe('regressed')
  })

  test('one explains no other verdict than that of a row it covers', () => {
    const other = { ...accepted, scenario: 'd' }
    const { report } = merge([first, recordingOf(secondOfTwo, { conclusion: 'regressed' })], [other])
    expect(report.conclusion).toBe('invalid')
    expect(codes(report)).toEqual(['shard-verdict'])
  })

  test('one excuses no shard whose job came to invalid', () => {
    const { report } = merge([first, recordingOf(secondOfTwo, { conclusion: 'invalid' })], [accepted])
    expect(report.conclusion).toBe('invalid')
    expect(codes(report)).toEqual(['shard-verdict'])
  })
})
