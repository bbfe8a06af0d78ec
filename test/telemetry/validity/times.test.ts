import { expect, test } from 'vitest'
import { codesOf, sound, withRequests, wordsOf } from './sound.ts'

test.each([
  ['sent before its turn', { sentMs: 900 }, 'sent at 900 ms, after scheduled at 1000 ms'],
  [
    'ended before it was sent',
    { endMs: 999, firstByteMs: null, firstTokenMs: null, lastTokenMs: null },
    'end at 999 ms, after sent',
  ],
  ['token before the first byte', { firstTokenMs: 1019 }, 'first token at 1019 ms, after first byte at 1020 ms'],
  ['last token before the first', { lastTokenMs: 1020.5 }, 'last token at 1020.5 ms, after first token'],
  ['end before the last token', { endMs: 1090 }, 'end at 1090 ms, after last token'],
  ['no number', { endMs: Number.NaN }, 'end at NaN ms'],
  ['infinite', { endMs: Number.POSITIVE_INFINITY }, 'end at Infinity ms'],
  ['negative', { scheduledMs: -1 }, 'scheduled at -1 ms, after start of the trial at 0 ms'],
  ['success without an end', { endMs: null }, 'it succeeded without a time of sending or end'],
  ['success without a send', { sentMs: null }, 'it succeeded without a time of sending or end'],
  ['stream without a first token', { firstTokenMs: null }, 'it streamed without a time of its tokens'],
  ['no time at all', { firstByteMs: 1000, firstTokenMs: 1000, lastTokenMs: 1000, endMs: 1000 }, 'it took 0 ms'],
])('%s', (_name, change, words) => {
  expect(wordsOf(withRequests(1, change), 'impossible-times')).toContain(
    `(1 of 30 requests), first request 0: ${words}`,
  )
})

test('a failed request may lack times, and one that does not stream has no token times', () => {
  const failed = withRequests(1, { outcome: 'reset', firstTokenMs: null, lastTokenMs: null, endMs: null })
  expect(codesOf({ ...failed, policy: { ...sound.policy, failureLimit: 1 } })).toEqual([])
  const whole = { ...sound, scenario: { ...sound.scenario, streaming: false } }
  expect(codesOf(withRequests(30, { firstTokenMs: null, lastTokenMs: null }, whole))).toEqual([])
})

test('a failed request with impossible times is told too', () => {
  const failed = withRequests(1, { outcome: 'reset', endMs: 10 })
  expect(codesOf({ ...failed, policy: { ...sound.policy, failureLimit: 1 } })).toEqual(['impossible-times'])
})

test('the same moment twice, to the precision of the recording, is fine', () => {
  expect(codesOf(withRequests(30, { firstByteMs: null }, withRequests(1, { sentMs: 999.995 })))).toEqual([])
})

test.each([{ startMs: 1050 }, { endMs: 3900 }])('requests outside the measured window: %j', (change) => {
  expect(wordsOf({ ...sound, window: { ...sound.window, ...change } }, 'impossible-times')).toContain(
    'is outside the window',
  )
})

test.each([
  { endMs: 1000 },
  { endMs: Number.NaN },
  { endMs: Number.POSITIVE_INFINITY },
  { startMs: Number.NaN },
  { startMs: -5 },
])('a window that cannot be: %j', (change) => {
  expect(wordsOf({ ...sound, window: { ...sound.window, ...change } }, 'impossible-times')).toContain(
    'the measured window goes from',
  )
})
