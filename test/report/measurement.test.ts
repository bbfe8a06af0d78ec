import { expect, test } from 'vitest'
import { measurementContext } from '../../src/report/index.ts'
import { trial } from '../judge/evidence.ts'
import { soundTelemetry } from '../telemetry/validity/sound.ts'

const lengths = {
  scenario: 'short',
  promptSource: 'token-ids',
  requests: 5,
  prompt: { asked: 128, counted: { least: 128, mean: 128, most: 128 } },
  output: { asked: 64, counted: { least: 64, mean: 64, most: 64 } },
} as const
const calibration = {
  concurrency: 64,
  requests: 256,
  ttft: { medianMs: -0.42, p99Ms: 1.8 },
  tpot: { medianMs: 0.012, p99Ms: 0.05 },
  latency: { medianMs: 0.5, p99Ms: 2 },
  attempts: 1,
}
const measured = { ...trial('head', 0, {}), telemetry: soundTelemetry, lengths: [lengths] }

test('lengths, machine and client of the trials that count', () => {
  const { lengths: rows, machine, clientNote } = measurementContext([measured], calibration)
  expect(rows).toMatchObject([{ scenario: 'short', sides: 'head', prompt: '128', output: '64' }])
  expect(machine[0]).toContain('Machine, head (means of 1 trial)')
  expect(clientNote).toContain(
    'at concurrency 64 (256 requests): TTFT ±0.4 ms (P99 1.8 ms), TPOT ±0.012 ms (P99 0.050 ms)',
  )
})

test('a trial that was disturbed and run again explains nothing', () => {
  const discarded = { ...measured, stage: 'discarded' } as const
  expect(measurementContext([discarded], null)).toEqual({ lengths: [], machine: [], clientNote: null })
  expect(measurementContext([measured, discarded], null)).toEqual(measurementContext([measured], null))
})
