import { readNumber } from './nvidia-smi.ts'

/** Why clocks were held back, by nvidia-smi's names without their prefix. */
export const throttleReasons = [
  'hw_slowdown',
  'hw_thermal_slowdown',
  'hw_power_brake_slowdown',
  'sw_thermal_slowdown',
  'sw_power_cap',
] as const

/** Drivers before 535 say `clocks_throttle_reasons`; later ones know both, until the old name goes. */
const reasonPrefixes = ['clocks_event_reasons.', 'clocks_throttle_reasons.']
/** Microseconds since the driver was loaded, of each reason but `hw_slowdown`. */
const counterPrefix = 'clocks_event_reasons_counters.'
/** Without these a row says nothing. */
export const fieldsOfEveryDriver = ['index', 'memory.used']
const optional = [
  'utilization.gpu',
  'clocks.sm',
  'clocks.mem',
  'temperature.gpu',
  'power.draw',
  'enforced.power.limit',
  'pstate',
]

/** One line of the tool: one GPU at one moment. Null: this driver does not say. */
export interface GpuSample {
  /** By `performance.now()`, when the line was read. */
  readonly atMs: number
  readonly index: number
  readonly memoryUsedMiB: number | null
  /** 0 to 1. */
  readonly utilization: number | null
  readonly smClockMhz: number | null
  readonly memoryClockMhz: number | null
  readonly temperatureC: number | null
  readonly powerW: number | null
  readonly powerLimitW: number | null
  /** `P0` to `P15`. */
  readonly performanceState: string | null
  /** Names that were active; null when no reason was told. */
  readonly throttled: readonly string[] | null
  /** Microseconds by reason. */
  readonly throttledUs: Readonly<Record<string, number>>
}

/**
 * The fields to ask for. One unknown field makes the tool refuse the whole query, so only those are asked for that
 * its own help (`--help-query-gpu`) lists.
 */
export function chooseFields(help: string): readonly string[] {
  const known = new Set([...help.matchAll(/"([a-z0-9_.]+)"/g)].map((match) => match[1]))
  const reasons = throttleReasons.flatMap(
    (reason) => reasonPrefixes.map((prefix) => prefix + reason).find((field) => known.has(field)) ?? [],
  )
  const counters = throttleReasons.map((reason) => counterPrefix + reason)
  return [...fieldsOfEveryDriver, ...[...optional, ...counters].filter((field) => known.has(field)), ...reasons]
}

/** The field that the tool refused the query for, though its help lists it; null when it said something else. */
export function refusedField(messages: string): string | null {
  return /Field "([a-z0-9_.]+)" is not a valid field to query/i.exec(messages)?.[1] ?? null
}

/** Null when the line is no row of these fields: a message of the tool. */
export function parseSample(line: string, fields: readonly string[], atMs: number): GpuSample | null {
  const cells = line.split(',').map((cell) => cell.trim())
  const cell = (field: string) => cells[fields.indexOf(field)]
  /** Sizes, clocks and watts; what is below zero is no such thing. */
  const number = (field: string, most = Number.POSITIVE_INFINITY) => {
    const value = readNumber(cell(field))
    return value !== null && value >= 0 && value <= most ? value : null
  }
  const index = number('index')
  if (cells.length !== fields.length || index === null) return null
  const percent = number('utilization.gpu', 100)
  return {
    atMs,
    index,
    memoryUsedMiB: number('memory.used'),
    utilization: percent === null ? null : percent / 100,
    smClockMhz: number('clocks.sm'),
    memoryClockMhz: number('clocks.mem'),
    temperatureC: readNumber(cell('temperature.gpu')),
    powerW: number('power.draw'),
    powerLimitW: number('enforced.power.limit'),
    performanceState: /^P\d+$/.test(cell('pstate') ?? '') ? (cell('pstate') ?? null) : null,
    throttled: activeReasons(fields, cells),
    throttledUs: counterValues(fields, cells),
  }
}

function activeReasons(fields: readonly string[], cells: readonly string[]): string[] | null {
  const told = fields.flatMap((field, at) => {
    const prefix = reasonPrefixes.find((candidate) => field.startsWith(candidate))
    const value = cells[at]
    return prefix && (value === 'Active' || value === 'Not Active')
      ? [{ reason: field.slice(prefix.length), isActive: value === 'Active' }]
      : []
  })
  return told.length === 0 ? null : told.filter(({ isActive }) => isActive).map(({ reason }) => reason)
}

function counterValues(fields: readonly string[], cells: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    fields.flatMap((field, at) => {
      const value = field.startsWith(counterPrefix) ? readNumber(cells[at]) : null
      return value === null ? [] : [[field.slice(counterPrefix.length), value]]
    }),
  )
}
