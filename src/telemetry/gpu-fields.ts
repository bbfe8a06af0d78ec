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
const reasonPrefixes = ['clocks_event_reasons', 'clocks_throttle_reasons']
const always = ['index', 'memory.used']
const optional = ['clocks.sm', 'temperature.gpu', 'power.draw']

/** One line of the tool: one GPU at one moment. Null: this driver does not say. */
export interface GpuSample {
  readonly index: number
  readonly memoryUsedMiB: number | null
  readonly smClockMhz: number | null
  readonly temperatureC: number | null
  readonly powerW: number | null
  /** Names that were active. */
  readonly throttled: readonly string[]
}

/**
 * The fields to ask for. One unknown field makes the tool refuse the whole query, so only those are asked for that
 * its own help (`--help-query-gpu`) lists.
 */
export function chooseFields(help: string): readonly string[] {
  const known = new Set([...help.matchAll(/"([a-z0-9_.]+)"/g)].map((match) => match[1]))
  const reasons = throttleReasons.flatMap(
    (reason) => reasonPrefixes.map((prefix) => `${prefix}.${reason}`).find((field) => known.has(field)) ?? [],
  )
  return [...always, ...optional.filter((field) => known.has(field)), ...reasons]
}

/** Null when the line is no row of these fields: a message of the tool. */
export function parseSample(line: string, fields: readonly string[]): GpuSample | null {
  const cells = line.split(',').map((cell) => cell.trim())
  const cell = (field: string) => cells[fields.indexOf(field)]
  const index = readNumber(cell('index'))
  if (cells.length !== fields.length || index === null) return null
  return {
    index,
    memoryUsedMiB: readNumber(cell('memory.used')),
    smClockMhz: readNumber(cell('clocks.sm')),
    temperatureC: readNumber(cell('temperature.gpu')),
    powerW: readNumber(cell('power.draw')),
    throttled: fields.flatMap((field, position) =>
      reasonPrefixes.some((prefix) => field.startsWith(`${prefix}.`)) && cells[position] === 'Active'
        ? field.slice(field.indexOf('.') + 1)
        : [],
    ),
  }
}
