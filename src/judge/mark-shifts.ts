import { type GatedMetric, gatedMetrics } from '../metrics/index.ts'
import type { BaselineJob, BaselineWindow, LevelShift } from '../model/baseline.ts'
import { unknownVariance } from '../stats/moderated-variance.ts'
import { contrastOf, placeOf } from './anchor.ts'
import type { Cell } from './cells.ts'
import { jobMeans } from './job-means.ts'
import { levelJobs } from './level-jobs.ts'
import { findShift, peerVariance, type Shift } from './level-shift.ts'
import { type Measured, slowness, toFractionSlower } from './slowness.ts'

/** Probability that a window whose level never changed is restarted, all its cells and splits together. */
const falseRestart = 0.01

/** A shift, and the job that it begins with. */
interface Found extends Shift {
  readonly job: BaselineJob
}

/**
 * The jobs of a window, with a mark at each change of level that nobody announced and that the jobs' means prove: an
 * accepted label, an improvement, another driver or clock. Marks stay with their jobs, so a change is not found anew, and
 * is not forgotten while older jobs leave one by one.
 *
 * One scenario is held against all others of the matrix, where drift of the whole machine cancels; all together are tested
 * without those. Smaller changes than the margin are left alone: they are noise to whoever accepts the margin, and creep
 * is held against the best level instead.
 */
export function markShifts(window: BaselineWindow, cells: readonly Cell[]): readonly BaselineJob[] {
  const found = gatedMetrics.flatMap((metric) => shiftsOf(window, metric, cells))
  return window.jobs.map((job) => {
    const shifts = found.flatMap((one) => (one.job === job ? [one.shift] : []))
    return shifts.length === 0 ? job : { ...job, shifts: [...job.shifts, ...shifts] }
  })
}

function shiftsOf(window: BaselineWindow, metric: GatedMetric, cells: readonly Cell[]) {
  const own = cells.filter((cell) => cell.metric === metric)
  const singles = own.filter(({ scenario }) => scenario !== null)
  const together = own.find(({ scenario }) => scenario === null) ?? singles[0]
  if (!together) return []
  const jobs = levelJobs(window, together)
  const error = falseRestart / (gatedMetrics.length * own.length)
  const alone = singles.length > 1 ? movedAlone(jobs, singles, error) : []
  const rest = singles.filter((cell) => !alone.some((one) => one.cell === cell)).flatMap(({ members }) => members)
  const all = findIn(jobs, (trial) => slowness(trial, metric, rest), error, together.marginLog)
  const mark = (scenario: string | null, { job, size }: Found): { job: BaselineJob; shift: LevelShift } => ({
    job,
    shift: { scenario, metric, by: toFractionSlower(metric, size) },
  })
  return all ? [mark(together.scenario, all)] : alone.map(({ cell, found }) => mark(cell.scenario, found))
}

/** Scenarios whose distance to the others changed. */
function movedAlone(jobs: readonly BaselineJob[], singles: readonly Cell[], error: number) {
  const contrasts = singles.map((cell) => {
    const place = placeOf(cell, singles)
    const value = (trial: Measured) => contrastOf(trial, place)
    return { cell, value, means: jobMeans(jobs, value).map((one) => one.mean) }
  })
  return contrasts.flatMap(({ cell, value }) => {
    const peers = contrasts.filter((other) => other.cell !== cell).map(({ means }) => means)
    const found = findIn(jobs, value, error, cell.marginLog, peers)
    return found ? [{ cell, found }] : []
  })
}

function findIn(
  jobs: readonly BaselineJob[],
  value: (trial: Measured) => number | null,
  error: number,
  margin: number,
  peers: readonly (readonly number[])[] = [],
): Found | null {
  const measured = jobMeans(jobs, value)
  const shift = findShift(
    measured.map((one) => one.mean),
    error,
    peers.length > 0 ? peerVariance(peers) : unknownVariance,
  )
  const job = shift && measured[shift.index]?.job
  return job && Math.abs(shift.size) >= margin ? { ...shift, job } : null
}
