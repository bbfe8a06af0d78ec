import { percent, type ValidityRule } from './rule.ts'

/**
 * The bits 0x8, 0x40, 0x80 and 0x20 of the driver's mask of reasons. `sw_power_cap` (0x4) is not among them: a GPU at its
 * power limit is what a loaded one looks like.
 */
const breaking = ['hw_slowdown', 'hw_thermal_slowdown', 'hw_power_brake_slowdown', 'sw_thermal_slowdown']

/** Of the time, by the driver's counters: a flicker of microseconds moves no percentile. */
const allowedTime = 0.005

/** The GPU was held back by heat or power: the speed is that of the cooling, not of the code. */
export const gpuThrottled: ValidityRule = ({ telemetry }) => {
  const gpu = telemetry?.gpu
  if (!gpu) return null
  const sampled = over(gpu.throttleReasons, 0).map(([reason, part]) => `${reason} in ${percent(part)} of the samples`)
  const counted = over(gpu.throttleTime, allowedTime).map(
    ([reason, part]) => `${reason} for ${percent(part)} of the time by the driver's counter`,
  )
  const seen = [...sampled, ...counted]
  if (seen.length === 0) return null
  const heat = gpu.temperatureMaxC
  return {
    code: 'gpu-throttled',
    scenario: null,
    message: `The GPU was throttled: ${seen.join(', ')}${heat === null ? '' : `, at up to ${heat} °C`}.`,
    hint: 'Check cooling and power supply, or set a lower clock that it can hold (nvidia-smi -lgc). Then measure again.',
  }
}

function over(parts: Readonly<Record<string, number>> | null, allowed: number): [string, number][] {
  return Object.entries(parts ?? {}).filter(([reason, part]) => breaking.includes(reason) && !(part <= allowed))
}
