import { expect, test } from 'vitest'
import { windowNotes } from '../../src/measure/window-notes.ts'
import { plainLoad, type Scenario } from '../../src/model/scenario.ts'
import { trial } from '../recording/sample.ts'

const scenario: Scenario = {
  ...plainLoad,
  name: 'cell',
  promptTokens: 8,
  outputTokens: 4,
  concurrency: 4,
  requests: 40,
  streaming: true,
}

function notes(changes: object, given: Partial<Scenario> = {}): string {
  const [window] = trial('h1', 0).windows
  if (!window) throw new Error('the sample has no window')
  const plain = { startMs: 1000, endMs: 2000, steadyStartMs: 1100, steadyEndMs: 1900 }
  return windowNotes({ ...scenario, ...given }, { ...window, ...plain, ...changes }).join('\n')
}

test('a window that is steady for most of its time needs no words, nor one that is steady throughout', () => {
  expect(notes({})).toBe('')
  expect(notes({ steadyStartMs: 1000, steadyEndMs: 2000 })).toBe('')
  expect(notes({ steadyStartMs: 1000 })).toBe('')
})

test('a steady part that is too short is told, since throughput is then that of the whole window', () => {
  expect(notes({ steadyEndMs: 1300 })).toContain('cell: only 0.2 s of 1.0 s were steady')
})

test('an open loop without a limit of its own tells when it came to ours', () => {
  const arrivals = { requestsPerSecond: 500, burstiness: 1 }
  const full = { peakInFlight: 1024, queuedRequests: 77 }
  expect(notes(full, { arrivals, concurrency: null })).toContain('1024 requests were in flight')
  expect(notes(full, { arrivals, concurrency: null })).toContain('77 had to wait')
  expect(notes({ peakInFlight: 1023 }, { arrivals, concurrency: null })).toBe('')
  // Whoever gives a limit knows it.
  expect(notes(full, { arrivals, concurrency: 1024 })).toBe('')
})
