import { describe, expect, it } from 'vitest'
import { decide } from '../../src/judge/index.ts'
import { startAndMemoryNotes } from '../../src/judge/starts-and-memory.ts'
import type { GpuSummary, HostSummary } from '../../src/model/telemetry.ts'
import type { TrialEvidence } from '../../src/model/trial.ts'
import { type Random, seededRandom } from '../../src/stats/random.ts'
import { input, jitter, measured, quietWindow, scenario, trial } from './evidence.ts'

const host: HostSummary = {
  loadAverage1m: 1,
  clientCpuSeconds: 1,
  serverCpuSeconds: 10,
  otherCpuFraction: 0,
  stealFraction: 0,
  serverRssMiB: null,
  clientRssMiB: 100,
  cpuGovernor: null,
}

/** What one start of a server took. */
interface Taken {
  readonly startupMs?: number
  readonly rssMiB?: number
  /** Idle and peak. */
  readonly gpuMiB?: readonly [number, number]
}

function started(one: TrialEvidence, { startupMs = 500, rssMiB, gpuMiB }: Taken): TrialEvidence {
  const gpu = gpuMiB ? ({ memoryIdleMiB: gpuMiB[0], memoryPeakMiB: gpuMiB[1] } as GpuSummary) : null
  return { ...one, startupMs, telemetry: { host: { ...host, serverRssMiB: rssMiB ?? null }, gpu, serverMetrics: {} } }
}

type Take = (side: 'base' | 'head', random: Random) => Taken

function notesOf(count: number, take: Take, seed = 3): string[] {
  const random = seededRandom(seed)
  const pairs = Array.from({ length: count }, (_, pair) => ({
    base: started(trial('base', pair, {}), take('base', random)),
    head: started(trial('head', pair, {}), take('head', random)),
  }))
  return startAndMemoryNotes({ pairs, screenTrials: [], window: null })
}

const startOf =
  (baseMs: number, headMs: number, width: number): Take =>
  (side, random) => ({
    startupMs: (side === 'base' ? baseMs : headMs) * jitter(random, width),
  })

describe('the start and the memory of the server', () => {
  it('are told where head takes longer or needs more', () => {
    const notes = notesOf(6, (side, random) => ({
      startupMs: (side === 'base' ? 4000 : 6000) * jitter(random, 0.02),
      rssMiB: side === 'base' ? 200 : 250,
      gpuMiB: side === 'base' ? [300, 4300] : [310, 4710],
    }))
    expect(notes).toEqual([
      expect.stringMatching(
        /^The server takes longer to start: (3\.9|4\.0)\d to (5\.9|6\.0)\d s, \+(4[89]|5[012]) % \(95 % interval \+4\d % to \+5\d %\)\. No verdict rests on that\.$/,
      ),
      expect.stringContaining('needs more GPU memory: 4000 to 4400 MiB, +10 % ('),
      expect.stringContaining('needs more memory of the host: 200 to 250 MiB, +25 % ('),
    ])
  })

  it('are told where they became less', () => {
    const [note, ...more] = notesOf(6, startOf(6000, 4000, 0.02))
    expect(note).toMatch(/^The server starts faster: .* -3[234] % \(/)
    expect(more).toEqual([])
  })

  it('are not told where chance explains the difference, or where it is small', () => {
    expect(notesOf(6, startOf(4000, 4400, 0.5))).toEqual([])
    expect(notesOf(8, startOf(4000, 4200, 0.001))).toEqual([])
    expect(notesOf(6, () => ({ rssMiB: 200, gpuMiB: [0, 4000] }))).toEqual([])
  })

  it('are not told by two pairs, nor by what nobody watched', () => {
    expect(notesOf(2, startOf(4000, 8000, 0.001))).toEqual([])
    expect(notesOf(6, (side) => (side === 'base' ? { rssMiB: 200 } : {}))).toEqual([])
    expect(notesOf(6, (side) => ({ startupMs: side === 'base' ? 0 : 4000 }))).toEqual([])
    expect(startAndMemoryNotes({ pairs: [], screenTrials: [], window: null })).toEqual([])
  })

  it('speak up in at most one of a hundred runs where nothing changed, however much they scatter', () => {
    const wide: Take = (_, random) => ({
      startupMs: 4000 * jitter(random, 0.5),
      rssMiB: 200 * jitter(random, 0.5),
      gpuMiB: [0, 4000 * jitter(random, 0.5)],
    })
    const runs = 2000
    const told = Array.from({ length: runs }, (_, seed) => notesOf(4, wide, seed)).filter(({ length }) => length > 0)
    // 20 are expected at the most; 35 are more than three standard deviations beyond.
    expect(told.length).toBeLessThan(35)
  })

  it('are held against first starts of the baseline where there are no pairs', () => {
    const scenarios = [scenario('s')]
    const random = seededRandom(9)
    const quiet = quietWindow(scenarios, () => ({ s: measured(10 * jitter(random, 0.01), jitter(random, 0.01)) }))
    const cold = seededRandom(4)
    const jobs = quiet.jobs.map((job) => ({
      ...job,
      trials: job.trials.map((one, n) => ({ ...one, startupMs: (n === 0 ? 4000 : 1000) * jitter(cold, 0.02) })),
    }))
    const notesWith = (startupMs: number) => {
      const head = trial('head', null, { s: measured(10, 1) })
      const given = { scenarios, window: { ...quiet, jobs }, trials: [{ ...head, startupMs }] }
      return decide(input(given)).report.notes.join('\n')
    }
    expect(notesWith(4000)).not.toContain('start')
    expect(notesWith(8000)).toMatch(/takes longer to start: (3\.9|4\.0)\d to 8\.00 s, \+(9\d|10\d) %/)
  })
})
