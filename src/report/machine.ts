import { mean } from 'simple-statistics'
import type { GpuSummary, HostSummary, ServerMetrics, TelemetrySummary } from '../model/telemetry.ts'
import type { Side, TrialEvidence } from '../model/trial.ts'
import { plural } from '../model/words.ts'
import { formatPercent, formatValue, noFigure, significant } from './format.ts'

/** What the machine did under each side, a line each for its processes, its GPU and the server's own counters. */
export function machineLines(trials: readonly TrialEvidence[]): readonly string[] {
  return (['base', 'head'] as const).flatMap((side) => {
    const watched = trials.filter((trial) => trial.side === side).flatMap(({ telemetry }) => telemetry ?? [])
    return watched.length === 0 ? [] : linesOf(side, watched)
  })
}

function linesOf(side: Side, watched: readonly TelemetrySummary[]): string[] {
  const gpus = watched.flatMap(({ gpu }) => gpu ?? [])
  const counted = watched.flatMap(({ serverMetrics }) => Object.values(serverMetrics))
  return [
    `Machine, ${side} (means of ${plural(watched.length, 'trial')}): ${hostWords(watched.map(({ host }) => host))}`,
    ...(gpus.length === 0 ? [] : [`GPU, ${side}: ${gpuWords(gpus)}`]),
    ...(counted.length === 0 ? [] : [`Counted by the server, ${side}: ${counterWords(counted)}`]),
  ]
}

function hostWords(hosts: readonly HostSummary[]): string {
  const of = (key: keyof HostSummary) => meanOf(hosts.map((host) => host[key]))
  const governor = hosts.find(({ cpuGovernor }) => cpuGovernor !== null)?.cpuGovernor
  return [
    `server ${withUnit(of('serverCpuSeconds'), 'CPU s')} and ${withUnit(of('serverRssMiB'), 'MiB')}`,
    `client ${withUnit(of('clientCpuSeconds'), 'CPU s')} and ${withUnit(of('clientRssMiB'), 'MiB')}`,
    `others ${formatPercent(of('otherCpuFraction'))} of the CPU`,
    `stolen ${formatPercent(of('stealFraction'))}`,
    ...(governor ? [`governor ${governor}`] : []),
  ].join(', ')
}

function gpuWords(gpus: readonly GpuSummary[]): string {
  const of = (key: keyof GpuSummary) => meanOf(gpus.map((gpu) => gpu[key]))
  const [idle, peak] = [of('memoryIdleMiB'), of('memoryPeakMiB')]
  const throttled = gpus.some(({ throttleReasons }) => throttleReasons !== null) ? reasonWords(gpus) : 'unknown'
  return [
    `busy ${formatPercent(of('utilizationMedian'))}`,
    `SM ${withUnit(of('smClockMedianMhz'), 'MHz')}`,
    `memory clock ${withUnit(of('memoryClockMedianMhz'), 'MHz')}`,
    `up to ${withUnit(of('temperatureMaxC'), '°C')}`,
    `${withUnit(of('powerMeanW'), 'W')} of ${withUnit(of('powerLimitW'), 'W')}`,
    `${withUnit(idle === null || peak === null ? null : peak - idle, 'MiB')} above idle`,
    `held back: ${throttled}`,
  ].join(', ')
}

/** `sw_power_cap 50 %`: the share of samples, or of the time where the driver counts that and it is more. */
function reasonWords(gpus: readonly GpuSummary[]): string {
  const parts = gpus.map(({ throttleReasons, throttleTime }) => {
    const names = Object.keys({ ...throttleReasons, ...throttleTime })
    return new Map(names.map((name) => [name, Math.max(throttleReasons?.[name] ?? 0, throttleTime?.[name] ?? 0)]))
  })
  const names = [...new Set(parts.flatMap((part) => [...part.keys()]))]
  const shares = names.map((name) => ({ name, share: mean(parts.map((part) => part.get(name) ?? 0)) }))
  const seen = shares.filter(({ share }) => share > 0)
  return seen.length === 0 ? 'never' : seen.map(({ name, share }) => `${name} ${formatPercent(share)}`).join(' and ')
}

/** Sums over trials and scenarios; a figure that one of them lacks is not shown as a smaller one. */
function counterWords(counted: readonly ServerMetrics[]): string {
  const sum = (key: keyof ServerMetrics) => sumOf(counted.map((metrics) => metrics[key]))
  const [queries, hits] = [sum('cacheQueries'), sum('cacheHits')]
  const hitRate = queries === null || hits === null || queries === 0 ? null : hits / queries
  const ttft = (key: 'ttftMeanMs' | 'clientTtftMeanMs') => formatValue(meanOf(counted.map((one) => one[key])), 'ms')
  return [
    `${withUnit(sum('outputTokens'), 'output tokens')}`,
    `${withUnit(sum('promptTokens'), 'prompt tokens')}`,
    `first token after ${ttft('ttftMeanMs')} (seen by the client: ${ttft('clientTtftMeanMs')})`,
    `${formatPercent(hitRate)} of prompts from cache`,
    `${withUnit(sum('preemptions'), 'preemptions')}`,
  ].join(', ')
}

/** Of those that say; null when none does. */
function meanOf(values: readonly unknown[]): number | null {
  const known = values.filter((value) => typeof value === 'number')
  return known.length === 0 ? null : mean(known)
}

function sumOf(values: readonly unknown[]): number | null {
  const known = values.filter((value) => typeof value === 'number')
  return known.length === 0 || known.length < values.length ? null : known.reduce((sum, value) => sum + value, 0)
}

function withUnit(value: number | null, unit: string): string {
  return `${value === null ? noFigure : significant(value)} ${unit}`
}
