import { metrics } from '../metrics/index.ts'
import type { Change } from '../model/verdict.ts'
import type { Cell } from './cells.ts'

/** `+12.3 %`; three digits at most, so that a sentence claims no precision that is not there. */
export function percent(fraction: number, sign: 'signed' | 'unsigned' = 'signed'): string {
  const value = fraction * 100
  const size = Math.abs(value)
  const digits = size < 10 ? size.toFixed(1) : size.toFixed(0)
  const text = digits.endsWith('.0') ? digits.slice(0, -2) : digits
  if (sign === 'unsigned') return `${text} %`
  return `${value < 0 && Number(text) !== 0 ? '-' : '+'}${text} %`
}

/** `+12 % (95 % interval +8.1 % to +16 %)` */
export function changeWithInterval(change: Change): string {
  return `${percent(change.estimate)} (95 % interval ${percent(change.low)} to ${percent(change.high)})`
}

/** Three digits: `4.56`, `45.6`, `456`, `4560`. */
export function figure(value: number): string {
  return value < 100 ? value.toPrecision(3) : value.toFixed(0)
}

/** `512`, or `512 to 2048`: from the least to the largest of them. */
export function rangeOf(values: readonly number[], write: (value: number) => string = String): string {
  const [low, high] = [write(Math.min(...values)), write(Math.max(...values))]
  return low === high ? low : `${low} to ${high}`
}

/** `P90 latency of "p128-o64-c4"` */
export function nameOf(cell: Cell): string {
  return `${metrics[cell.metric].label(cell.percentile)} of ${whereOf(cell)}`
}

/** `"p128-o64-c4"`, or `all scenarios together` */
export function whereOf({ scenario }: Pick<Cell, 'scenario'>): string {
  return scenario === null ? 'all scenarios together' : `"${scenario}"`
}
