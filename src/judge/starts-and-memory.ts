import { mean, sampleStandardDeviation } from 'simple-statistics'
import type { TrialEvidence } from '../model/trial.ts'
import { unknownVariance } from '../stats/moderated-variance.ts'
import { studentQuantile } from '../stats/student-t.ts'
import { type Effect, effectOf, halfWidth95 } from './effect.ts'
import type { RunEvidence } from './evidence.ts'
import { present } from './pairs.ts'
import { toGrowth } from './slowness.ts'
import { changeWithInterval, figure } from './wording.ts'

/** What a server takes besides the time of its requests. */
interface Quantity {
  readonly more: string
  readonly less: string
  readonly unit: string
  /** Changes below this fraction are not worth a sentence. */
  readonly worthTelling: number
  /** Null: nobody has watched it. */
  of(trial: Watched): number | null
}

/** A trial of this run, or of the baseline, which keeps no telemetry. */
type Watched = Pick<TrialEvidence, 'startupMs'> & Partial<Pick<TrialEvidence, 'telemetry'>>

const start: Quantity = {
  more: 'The server takes longer to start',
  less: 'The server starts faster',
  unit: 's',
  worthTelling: 0.1,
  of: ({ startupMs }) => startupMs / 1000,
}

const gpuMemory: Quantity = {
  more: 'The server needs more GPU memory',
  less: 'The server needs less GPU memory',
  unit: 'MiB',
  worthTelling: 0.05,
  of: ({ telemetry }) => {
    const { memoryPeakMiB = null, memoryIdleMiB = null } = telemetry?.gpu ?? {}
    return memoryPeakMiB === null || memoryIdleMiB === null ? null : memoryPeakMiB - memoryIdleMiB
  },
}

const memory: Quantity = {
  more: 'The server needs more memory of the host',
  less: 'The server needs less memory of the host',
  unit: 'MiB',
  worthTelling: 0.05,
  of: ({ telemetry }) => telemetry?.host.serverRssMiB ?? null,
}

const quantities = [start, gpuMemory, memory]
/** Of no change, nothing is said of any of them: this sure. */
const confidence = 0.99
/** Values behind a sentence; two may agree by chance. */
const fewestValues = 3

/**
 * Says where head's server takes clearly longer to start, or needs clearly more memory, than base's; or less. No verdict
 * rests on it. Pairs tell all of it; without pairs the first start of this job is held against the first start of each
 * job in the baseline, where a cold start is among cold starts.
 */
export function startAndMemoryNotes(run: RunEvidence): string[] {
  if (run.pairs.length > 0) return quantities.flatMap((quantity) => inPairs(quantity, run))
  const [first] = run.screenTrials
  const before = run.window?.jobs.flatMap(({ trials }) => trials.slice(0, 1)) ?? []
  return first ? againstBaseline(start, before, first) : []
}

function inPairs(quantity: Quantity, { pairs }: RunEvidence): string[] {
  const both = pairs.flatMap(({ base, head }) => {
    const [from, to] = [logOf(quantity.of(base)), logOf(quantity.of(head))]
    return from === null || to === null ? [] : [{ from, to }]
  })
  if (both.length < fewestValues) return []
  const [from, to] = [mean(both.map((pair) => pair.from)), mean(both.map((pair) => pair.to))]
  const differences = both.map((pair) => pair.to - pair.from)
  return tell(quantity, effectOf(differences, unknownVariance), { from, to })
}

function againstBaseline(quantity: Quantity, before: readonly Watched[], now: Watched): string[] {
  const levels = present(before.map((trial) => logOf(quantity.of(trial))))
  const to = logOf(quantity.of(now))
  if (levels.length < fewestValues || to === null) return []
  const from = mean(levels)
  const standardError = sampleStandardDeviation(levels) * Math.sqrt(1 + 1 / levels.length)
  return tell(quantity, { estimate: to - from, standardError, degrees: levels.length - 1 }, { from, to })
}

function logOf(value: number | null): number | null {
  return value !== null && value > 0 && value < Number.POSITIVE_INFINITY ? Math.log(value) : null
}

/** @param sides logarithms of both levels */
function tell(quantity: Quantity, effect: Effect | null, { from, to }: { readonly from: number; readonly to: number }) {
  if (!effect) return []
  const { estimate, standardError, degrees } = effect
  const quantile = studentQuantile(1 - (1 - confidence) / (2 * quantities.length), degrees)
  const isSure = Math.abs(estimate) > quantile * standardError
  const change = toGrowth(estimate, halfWidth95(effect))
  if (!isSure || Math.abs(change.estimate) < quantity.worthTelling) return []
  const step = `${figure(Math.exp(from))} to ${figure(Math.exp(to))} ${quantity.unit}`
  const sentence = estimate > 0 ? quantity.more : quantity.less
  return [`${sentence}: ${step}, ${changeWithInterval(change)}. No verdict rests on that.`]
}
