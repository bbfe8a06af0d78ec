import type { Fields } from './fields.ts'
import type { ImportedMetric } from './imported.ts'

interface Unit {
  /** What one of it is in ours. */
  readonly perUnit: number
  readonly unit: ImportedMetric['unit']
}

/** Spellings of units, as AIPerf writes them. */
const units: Readonly<Record<string, Unit>> = {
  ns: { perUnit: 1e-6, unit: 'ms' },
  us: { perUnit: 1e-3, unit: 'ms' },
  ms: { perUnit: 1, unit: 'ms' },
  s: { perUnit: 1000, unit: 'ms' },
  sec: { perUnit: 1000, unit: 'ms' },
  seconds: { perUnit: 1000, unit: 'ms' },
  'requests/sec': { perUnit: 1, unit: '/s' },
  'tokens/sec': { perUnit: 1, unit: '/s' },
  'tokens/sec/user': { perUnit: 1, unit: '/s' },
}

/** The unit that a block states by its key `unit`: a number without one could be anything. */
export function readUnit(block: Fields): Unit {
  const name = block.text('unit')
  const unit = Object.hasOwn(units, name) ? units[name] : undefined
  if (unit) return unit
  throw block.refuse('unit', `"${name}"; known are ${Object.keys(units).join(', ')}`)
}
