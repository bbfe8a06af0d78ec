import type { MetricDefinition } from '../metrics/definition.ts'
import type { Change } from '../model/verdict.ts'
import { plural } from '../model/words.ts'

/** Stands for a figure that does not exist, or that is no number. */
export const noFigure = '-'

type Unit = MetricDefinition['unit']

/** Milliseconds from here on read better as seconds. */
const secondsFromMs = 10_000

/** One value with its unit, three significant digits: `12.3 ms`, `14.2 s`, `118 /s`. */
export function formatValue(value: number | null, unit: Unit): string {
  return isFigure(value) ? withUnit([value], unit) : noFigure
}

/** Two values in one unit: `12.3 → 22.4 ms`. */
export function formatStep(base: number | null, head: number | null, unit: Unit): string {
  if (isFigure(base) && isFigure(head)) return withUnit([base, head], unit)
  if (!isFigure(base) && !isFigure(head)) return noFigure
  return `${formatValue(base, unit)} → ${formatValue(head, unit)}`
}

function withUnit(values: readonly number[], unit: Unit): string {
  const asSeconds = unit === 'ms' && Math.max(...values) >= secondsFromMs
  const digits = values.map((value) => significant(asSeconds ? value / 1_000 : value))
  return `${digits.join(' → ')} ${asSeconds ? 's' : unit}`
}

/** Three significant digits without an exponent: 0.0123, 4.56, 118, 12346. */
export function significant(value: number): string {
  if (value === 0) return '0'
  const decimals = 2 - Math.floor(Math.log10(Math.abs(value)))
  return value.toFixed(Math.min(Math.max(decimals, 0), 9))
}

/** A fraction with its sign: `+4.2 %`, `-12 %`; one decimal below ten per cent. */
export function formatSigned(fraction: number | null): string {
  if (!isFigure(fraction)) return noFigure
  const percent = formatPercent(Math.abs(fraction))
  if (/^0(\.0)? %$/.test(percent)) return percent
  return `${fraction < 0 ? '-' : '+'}${percent}`
}

/** A fraction without a sign: `5.0 %`, `12 %`. */
export function formatPercent(fraction: number | null): string {
  if (!isFigure(fraction)) return noFigure
  const percent = fraction * 100
  return `${percent.toFixed(Math.abs(percent) < 9.95 ? 1 : 0)} %`
}

/** `+82 % (+70 % to +95 %)`, the interval at 95 %. */
export function formatChange(change: Change | null): string {
  if (!change || !isFigure(change.estimate)) return noFigure
  return `${formatSigned(change.estimate)} (${formatInterval(change)})`
}

/** `+70 % to +95 %`. */
export function formatInterval({ low, high }: Change): string {
  return isFigure(low) && isFigure(high) ? `${formatSigned(low)} to ${formatSigned(high)}` : 'interval unknown'
}

/** `3.4 minutes`; whole minutes from ten on. */
export function formatMinutes(minutes: number): string {
  return isFigure(minutes) ? `${minutes.toFixed(minutes < 10 ? 1 : 0)} minutes` : noFigure
}

export function isFigure(value: number | null): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

/** Follows a row that stands for all of them: nothing for one, ` (and 2 more rows)` for three. */
export function andMoreRows(rows: number): string {
  return rows > 1 ? ` (and ${plural(rows - 1, 'more row')})` : ''
}

/** `3.4 minutes, 6.0 passes`. */
export function formatCost(minutes: number, passes: number): string {
  return `${formatMinutes(minutes)}, ${isFigure(passes) ? passes.toFixed(1) : noFigure} passes`
}

/** The first twelve digits of a commit, as people quote them. */
export const shortSha = (commit: string): string => (/^[0-9a-f]{40,64}$/.test(commit) ? commit.slice(0, 12) : commit)
