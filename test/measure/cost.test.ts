import { expect, test } from 'vitest'
import { CostMeter } from '../../src/measure/cost.ts'
import { trial } from '../recording/sample.ts'

test('a trial of the whole matrix is one pass, of half of it half a pass', () => {
  const [window] = trial('h1', 0).windows
  if (!window) throw new Error('the sample has a window')
  const meter = new CostMeter(2)
  meter.add(trial('h1', 0, { windows: [window, window] }))
  const outputs = { questions: 'q', answers: [null], durationMs: 70 }
  meter.add(trial('h2', 1, { windows: [window], outputs }))
  meter.addSetup(1500)
  // Each sample: 0.9 s to start, 0.1 s warm-up and 0.5 s of measuring a scenario, 0.02 s to stop.
  const total = meter.total()
  expect(total).toMatchObject({ passes: 1.5, trials: 2, setupSeconds: 1.5 })
  expect(total.startupSeconds).toBeCloseTo(1.8, 9)
  expect(total.warmupSeconds).toBeCloseTo(0.3, 9)
  expect(total.measuringSeconds).toBeCloseTo(1.5, 9)
  expect(total.askingSeconds).toBeCloseTo(0.07, 9)
  expect(total.stoppingSeconds).toBeCloseTo(0.04, 9)
})
