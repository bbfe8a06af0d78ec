import { percent, type ValidityRule } from './rule.ts'

/** `sw_power_cap` is not among them: a GPU at its power limit is what a loaded one looks like. */
const breaking = ['hw_slowdown', 'hw_thermal_slowdown', 'hw_power_brake_slowdown', 'sw_thermal_slowdown']

/** The GPU was held back by heat or power: the speed is that of the cooling, not of the code. */
export const gpuThrottled: ValidityRule = ({ telemetry }) => {
  const reasons = Object.entries(telemetry?.gpu?.throttleReasons ?? {}).filter(
    ([reason, fraction]) => breaking.includes(reason) && !(fraction <= 0),
  )
  if (reasons.length === 0) return null
  const seen = reasons.map(([reason, fraction]) => `${reason} in ${percent(fraction)}`).join(', ')
  const heat = telemetry?.gpu?.temperatureMaxC
  return {
    code: 'gpu-throttled',
    scenario: null,
    message: `The GPU was throttled: ${seen} of the samples${typeof heat === 'number' ? `, at up to ${heat} °C` : ''}.`,
    hint: 'Check cooling and power supply, or set a lower clock that it can hold (nvidia-smi -lgc). Then measure again.',
  }
}
