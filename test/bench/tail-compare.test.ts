import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { compareOn, type TailResult } from '../../bench/tail/compare.ts'
import { powers } from '../../bench/tail/power.ts'
import { recordedSources } from '../../bench/tail/recordings.ts'
import { cutTrials, truthMs } from '../../bench/tail/source.ts'
import { isClearlyBetter, summarise } from '../../bench/tail/summary.ts'
import { createRecording } from '../../src/recording/write.ts'
import { normal } from '../../src/stats/normal.ts'
import { seededRandom } from '../../src/stats/random.ts'
import { fiveRequests, header, request, scenario, trial } from '../recording/sample.ts'

const folder = mkdtempSync(join(tmpdir(), 'llm-perf-tail-'))
afterAll(() => rmSync(folder, { recursive: true }))

const counting = (from: number, length: number) => Float64Array.from({ length }, (_, index) => from + index)

describe('trials of a source', () => {
  test('the truth is the quantile of all runs together', () => {
    expect(truthMs([counting(51, 50), counting(1, 50)], 0.9)).toBe(90)
  })

  test('trials lie side by side, none across two runs, all within', () => {
    const trials = cutTrials([counting(0, 100), counting(1000, 100)], 10, 20)
    expect(trials).toHaveLength(20)
    for (const [index, one] of trials.entries()) {
      expect(one).toHaveLength(10)
      expect(one[0]).toBeGreaterThanOrEqual(index < 10 ? 0 : 1000)
      expect(one[9]).toBeLessThan(index < 10 ? 100 : 1100)
      expect((one[9] ?? 0) - (one[0] ?? 0)).toBe(9)
    }
    expect(new Set(trials.map(([first]) => first)).size).toBe(20)
  })

  test('a run that is shorter than a trial is refused, and so is none at all', () => {
    expect(() => cutTrials([counting(0, 9)], 10, 3)).toThrow('A run holds 9 requests; a trial of 10')
    expect(() => cutTrials([], 10, 3)).toThrow('A run holds 0 requests')
  })
})

describe('figures of an estimator', () => {
  const sigma = 0.3
  const lognormal = (seed: number, factor: number) => {
    const random = seededRandom(seed)
    return Float64Array.from({ length: 400_000 }, () => 100 * factor * Math.exp(sigma * normal(random)))
  }
  const source = { name: 'lognormal', change: '+20 %', base: [lognormal(1, 1)], head: [lognormal(2, 1.2)] }
  const results = compareOn(source, { percentile: 90, requests: 400 }, { trials: 1000, draws: 100 }, 1)
  const of = (name: string) => {
    const found = results.find(({ estimator }) => estimator === name)
    if (!found) throw new Error(`expected a result of ${name}`)
    return found
  }

  test('the scatter of the plain rank is that of the textbook', () => {
    // Asymptotic deviation of a quantile, sqrt(p (1 - p) / n) / density; P90 of the normal distribution is 1.2816, where its
    // density is 0.17550.
    const expected = (sigma * Math.sqrt((0.9 * 0.1) / 400)) / 0.1755
    expect(Math.abs(of('nearest rank').sdLog / expected - 1)).toBeLessThan(0.1)
    expect(Math.abs(of('nearest rank').sdLogRatio / (expected * Math.SQRT2) - 1)).toBeLessThan(0.1)
  })

  test('where everything is 20 % slower, no ratio is off, and the truth says so', () => {
    expect(of('Harrell-Davis').truthRatio).toBeCloseTo(1.2, 2)
    for (const { biasLogRatio } of results) expect(Math.abs(biasLogRatio)).toBeLessThan(0.006)
  })

  test('on lognormal data the lognormal fit is the steadiest, with no bias', () => {
    expect(Math.abs(of('lognormal fit').biasLog)).toBeLessThan(0.005)
    const least = Math.min(...results.map(({ sdLogRatio }) => sdLogRatio))
    expect(of('lognormal fit').sdLogRatio).toBe(least)
  })

  test('the present estimator beside itself is neither better nor worse', () => {
    const [itself] = summarise(results)
    expect(itself).toMatchObject({ estimator: 'Harrell-Davis', cells: 1, sdRatioMedian: 1, clearlySteadier: 0 })
    expect(itself && isClearlyBetter(itself)).toBe(false)
  })

  test('better is only what is steadier in most cells and tells no ratio wrong', () => {
    const [present] = summarise(results)
    if (!present) throw new Error('expected a summary')
    const rival = { ...present, cells: 9, clearlySteadier: 5, soundRatios: 9 }
    expect(isClearlyBetter(rival)).toBe(true)
    expect(isClearlyBetter({ ...rival, clearlySteadier: 4 })).toBe(false)
    expect(isClearlyBetter({ ...rival, soundRatios: 8 })).toBe(false)
  })

  test('a result without its counterpart is an error, not a zero', () => {
    const alone: TailResult[] = results.filter(({ estimator }) => estimator !== 'Harrell-Davis')
    expect(() => summarise(alone)).toThrow('There is no result of Harrell-Davis')
  })
})

describe('power', () => {
  const noise = (deviation: number) => {
    const random = seededRandom(4)
    return Array.from({ length: 3000 }, () => deviation * normal(random))
  }
  const at = (differences: number[], pairs: number, slowdown: number | null) =>
    powers(differences, 400, seededRandom(9)).find((one) => one.pairs === pairs && one.slowdown === slowdown)?.power

  test('without any change it is the level of the test: 1/16 with four pairs, 2/256 with eight', () => {
    // Three standard errors of a rate from 400 draws are 3.6 % and 1.3 %.
    expect(Math.abs((at(noise(0.1), 4, null) ?? 1) - 1 / 16)).toBeLessThan(0.037)
    expect(at(noise(0.1), 8, null)).toBeLessThan(2 / 256 + 0.014)
  })

  test('a slowdown far above the noise is always seen', () => {
    for (const pairs of [4, 8, 14]) expect(at(noise(0.01), pairs, 0.2)).toBe(1)
  })

  test('with four pairs all four must be slower: at one deviation that is 0.8413 to the fourth power', () => {
    expect(Math.abs((at(noise(Math.log(1.1)), 4, 0.1) ?? 0) - 0.8413 ** 4)).toBeLessThan(0.08)
  })
})

describe('recordings', () => {
  async function record(name: string, extraMs: number): Promise<string> {
    const writer = await createRecording(join(folder, name), header)
    const slower = (id: string) => fiveRequests(id).map((one) => ({ ...one, endMs: (one.endMs ?? 0) + extraMs }))
    await writer.append(trial('t1', 0), slower('t1'))
    await writer.append(trial('t2', 1, { stage: 'discarded' }), slower('t2'))
    await writer.append(trial('t3', 2), [...slower('t3'), request('t3', 5, { outcome: 'deadline', endMs: null })])
    return writer.directory
  }

  test('each scenario is a source, a run a trial that counts, and only answers count', async () => {
    const [base, head] = [await record('base', 0), await record('head', 18)]
    const [source, ...more] = await recordedSources([base], [head], 'slower by hand')
    expect(more).toEqual([])
    expect(source?.name).toContain(scenario.name)
    expect(source?.base.map((run) => [...run])).toEqual([Array(5).fill(90), Array(5).fill(90)])
    expect(source?.head.map((run) => [...run])).toEqual([Array(5).fill(108), Array(5).fill(108)])
  })

  test('a folder without a recording is named', async () => {
    await expect(recordedSources([join(folder, 'nowhere')], [folder], '')).rejects.toThrow('nowhere')
  })
})
