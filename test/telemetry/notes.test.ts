import { expect, test } from 'vitest'
import type { GpuSummary, HostSummary, ServerMetrics } from '../../src/model/telemetry.ts'
import type { Side, TrialEvidence } from '../../src/model/trial.ts'
import { telemetryNotes } from '../../src/telemetry/index.ts'
import { trial } from '../judge/evidence.ts'
import { soundGpu, soundHost, soundTelemetry } from './validity/sound.ts'

interface Change {
  readonly gpu?: Partial<GpuSummary>
  readonly host?: Partial<HostSummary>
  readonly server?: Partial<ServerMetrics>
}

const agreeing: ServerMetrics = {
  server: 'vllm',
  promptTokens: 1,
  outputTokens: 1,
  requests: 1,
  ttftMeanMs: 50,
  clientTtftMeanMs: 51,
  cacheQueries: 1,
  cacheHits: 0,
  preemptions: 0,
}

function watched(side: Side, { gpu, host, server }: Change = {}): TrialEvidence {
  const telemetry = {
    ...soundTelemetry,
    host: { ...soundHost, ...host },
    gpu: { ...soundGpu, ...gpu },
    serverMetrics: { s: { ...agreeing, ...server } },
  }
  return { ...trial(side, 0, {}), telemetry }
}

const notesOf = (...trials: TrialEvidence[]) => telemetryNotes(trials).join('\n')

test('two alike sides need no note, and trials that nobody watched give none', () => {
  expect(notesOf(watched('base'), watched('head'))).toBe('')
  expect(notesOf(trial('base', 0, {}), trial('head', 0, {}))).toBe('')
  expect(notesOf()).toBe('')
})

// 1830 MHz less three per cent is 1775.1 MHz.
test.each([
  [1776, false],
  [1775, true],
  [1884, false],
  [1885, true],
])('base at 1830 MHz and head at %d MHz: noted is %s', (smClockMedianMhz, isNoted) => {
  const notes = notesOf(watched('base'), watched('head', { gpu: { smClockMedianMhz } }))
  expect(notes.includes(`1830 MHz for base and ${smClockMedianMhz} MHz for head`)).toBe(isNoted)
})

test('one odd trial does not make the clocks of a side', () => {
  const odd = watched('head', { gpu: { smClockMedianMhz: 300 } })
  expect(notesOf(watched('base'), watched('head'), odd, watched('head'))).toBe('')
})

test('one side alone, or a clock that is not told, is compared with nothing', () => {
  expect(notesOf(watched('head', { gpu: { smClockMedianMhz: 300 } }))).toBe('')
  expect(notesOf(watched('base', { gpu: { smClockMedianMhz: null } }), watched('head'))).toBe('')
})

test.each([
  [0.7, false],
  [0.71, true],
  [0.29, true],
])('at the power limit for half of the time and for %d of it: noted is %s', (share, isNoted) => {
  const head = watched('head', { gpu: { throttleReasons: { sw_power_cap: share } } })
  expect(notesOf(watched('base'), head).includes('power limit for 50 % of the time')).toBe(isNoted)
})

test("the driver's counter of the power limit is trusted before the samples", () => {
  const head = watched('head', { gpu: { throttleReasons: { sw_power_cap: 1 }, throttleTime: { sw_power_cap: 0.5 } } })
  expect(notesOf(watched('base'), head)).toBe('')
})

test('a driver that tells of no throttling is named, and its power limit is compared with nothing', () => {
  const silent = { throttleReasons: null, throttleTime: null }
  expect(notesOf(watched('base'), watched('head', { gpu: silent }))).not.toContain('power limit')
  expect(notesOf(watched('base'), watched('head', { gpu: silent }))).toContain('does not say whether it throttled')
})

test('other programs are noted from a fifth of the CPU on', () => {
  const other = (otherCpuFraction: number | null) => watched('head', { host: { otherCpuFraction } })
  expect(notesOf(other(0.2), other(null))).toBe('')
  expect(notesOf(other(0.21), other(0.37), other(0.1))).toContain('up to 37 % of the CPU (over 20 % in 2 of 3 trials)')
})

// A fifth of 50 ms is 10 ms; of 5 ms it is less than the 5 ms that are always allowed.
test.each([
  [50, 60, false],
  [50, 60.1, true],
  [5, 10, false],
  [5, 10.1, true],
  [50, null, false],
  [null, 90, false],
])('the server says %d ms to the first token and the client saw %d ms: noted is %s', (server, client, isNoted) => {
  const notes = notesOf(watched('head', { server: { ttftMeanMs: server, clientTtftMeanMs: client } }))
  expect(notes.includes('First tokens reached the client later')).toBe(isNoted)
})
