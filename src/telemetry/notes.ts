import type { GpuSummary, ServerMetrics } from '../model/telemetry.ts'
import type { Side, TrialEvidence } from '../model/trial.ts'
import { plural } from '../model/words.ts'
import { lowerMedian, mean } from './averages.ts'
import { percent } from './validity/rule.ts'

/** Differences between the two sides' machines that could pass for a difference of the code. */
const notedClockChange = 0.03
const notedPowerCapPoints = 0.2
/** CPU time of others, as a fraction of all cores. */
const notedOthers = 0.2
/** Of the server's own first-token time; and at least this long, since small times are mostly the way there and back. */
const notedTtftGap = 0.2
const notedTtftGapMs = 5

/**
 * What the reader of a verdict must know of the machine. These are hints, no verdicts: nothing here makes a measurement
 * invalid.
 */
export function telemetryNotes(trials: readonly TrialEvidence[]): readonly string[] {
  return [
    ...clockNotes(trials),
    ...powerCapNotes(trials),
    ...untoldThrottlingNotes(trials),
    ...otherLoadNotes(trials),
    ...ttftGapNotes(trials),
  ]
}

function clockNotes(trials: readonly TrialEvidence[]): string[] {
  const { base, head } = ofSides(trials, ({ smClockMedianMhz }) => smClockMedianMhz, lowerMedian)
  if (!base || !head || Math.abs(head / base - 1) <= notedClockChange) return []
  return [
    `The GPU ran at different clocks: ${base} MHz for base and ${head} MHz for head (medians). A part of any difference may be the clock's; nvidia-smi -lgc holds it, where the job may call it.`,
  ]
}

function powerCapNotes(trials: readonly TrialEvidence[]): string[] {
  // The driver names only what it saw: a reason that is not there was never active, unless it tells of none.
  const share = ({ throttleTime, throttleReasons }: GpuSummary) =>
    throttleTime?.sw_power_cap ?? (throttleReasons === null ? null : (throttleReasons.sw_power_cap ?? 0))
  const { base, head } = ofSides(trials, share, mean)
  if (base === null || head === null || !(Math.abs(head - base) > notedPowerCapPoints)) return []
  return [
    `The GPU was at its power limit for ${percent(base)} of the time under base and ${percent(head)} under head: their clocks were not the same.`,
  ]
}

function untoldThrottlingNotes(trials: readonly TrialEvidence[]): string[] {
  const gpus = gpusOf(trials)
  const isUntold = gpus.some(({ throttleReasons, throttleTime }) => throttleReasons === null && throttleTime === null)
  return isUntold ? ['The GPU driver does not say whether it throttled the GPU, so that could not be checked.'] : []
}

function otherLoadNotes(trials: readonly TrialEvidence[]): string[] {
  const fractions = trials.flatMap(({ telemetry }) => telemetry?.host.otherCpuFraction ?? [])
  const high = fractions.filter((fraction) => fraction > notedOthers)
  if (high.length === 0) return []
  return [
    `Other programs used up to ${percent(Math.max(...high))} of the CPU (over ${percent(notedOthers)} in ${high.length} of ${plural(fractions.length, 'trial')}). A server that runs in a container counts among them; anything else should not run beside the job.`,
  ]
}

/** Time that tokens spend between the server and us is not the server's, and grows when our client cannot keep up. */
function ttftGapNotes(trials: readonly TrialEvidence[]): string[] {
  const gaps = trials
    .flatMap(({ telemetry }) => Object.entries(telemetry?.serverMetrics ?? {}))
    .flatMap(([scenario, metrics]) => ttftGap(scenario, metrics) ?? [])
  const worst = gaps.toSorted((a, b) => b.gapMs - a.gapMs)[0]
  if (!worst) return []
  const { scenario, clientMs, serverMs } = worst
  return [
    `First tokens reached the client later than the server sent them in ${plural(new Set(gaps.map((gap) => gap.scenario)).size, 'scenario')}: at worst ${clientMs.toFixed(1)} ms against ${serverMs.toFixed(1)} ms by the server's counters (means, "${scenario}"). The way between them, or the client, takes a part of what is measured.`,
  ]
}

function ttftGap(scenario: string, { ttftMeanMs: serverMs, clientTtftMeanMs: clientMs }: ServerMetrics) {
  if (serverMs === null || clientMs === null) return null
  const gapMs = clientMs - serverMs
  return gapMs > Math.max(notedTtftGapMs, notedTtftGap * serverMs) ? { scenario, clientMs, serverMs, gapMs } : null
}

function gpusOf(trials: readonly TrialEvidence[]): GpuSummary[] {
  return trials.flatMap(({ telemetry }) => telemetry?.gpu ?? [])
}

/** A figure of each side; a trial that does not say is left out. */
function ofSides(
  trials: readonly TrialEvidence[],
  pick: (gpu: GpuSummary) => number | null,
  average: (values: readonly number[]) => number | null,
): Record<Side, number | null> {
  const of = (side: Side) =>
    average(gpusOf(trials.filter((trial) => trial.side === side)).flatMap((gpu) => pick(gpu) ?? []))
  return { base: of('base'), head: of('head') }
}
