import { ActionError } from '../errors.ts'
import { type FaultPlan, faults, isFaultName } from './faults.ts'

/** What the reference server does, and when. */
export interface ReferenceOptions extends FaultPlan {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** Arrival of a request to its first token. */
  readonly ttftMs: number
  /** From token to token. */
  readonly gapMs: number
  readonly tokensPerEvent: number
  /** Events handed to the system in one write; more than one only makes sense without a gap. */
  readonly eventsPerWrite: number
  /** The process kills itself when this many requests for text have arrived; null: never. */
  readonly dieAt: number | null
  /** Where the log is written to at the end, one JSON line a request; null: nowhere. */
  readonly logFile: string | null
}

export const defaultReference: ReferenceOptions = {
  host: '127.0.0.1',
  port: 0,
  ttftMs: 50,
  gapMs: 10,
  tokensPerEvent: 1,
  eventsPerWrite: 1,
  fault: null,
  every: 1,
  after: 0,
  dieAt: null,
  logFile: null,
}

/** Flags of the command line, with what they stand for. */
export const referenceFlags = [
  'host',
  'port',
  'ttft-ms',
  'gap-ms',
  'tokens-per-event',
  'events-per-write',
  'fault',
  'every',
  'fault-after',
  'die-at',
  'log',
] as const

type Flag = (typeof referenceFlags)[number]

/**
 * Options from the values of flags.
 *
 * @throws ActionError `usage` with every wrong value at once.
 */
export function parseReferenceFlags(text: (flag: Flag) => string | undefined): ReferenceOptions {
  const problems: string[] = []
  const number = (flag: Flag, fallback: number, least: number, isWhole: boolean): number => {
    const given = text(flag)
    if (given === undefined) return fallback
    const value = given.trim() === '' ? Number.NaN : Number(given)
    if (value >= least && Number.isFinite(value) && (!isWhole || Number.isInteger(value))) return value
    problems.push(`--${flag}: got "${given}"; allowed: a ${isWhole ? 'whole ' : ''}number from ${least}`)
    return fallback
  }
  const base = defaultReference
  const fault = text('fault') ?? null
  const options: ReferenceOptions = {
    host: text('host') ?? base.host,
    port: number('port', base.port, 0, true),
    ttftMs: number('ttft-ms', base.ttftMs, 0, false),
    gapMs: number('gap-ms', base.gapMs, 0, false),
    tokensPerEvent: number('tokens-per-event', base.tokensPerEvent, 1, true),
    eventsPerWrite: number('events-per-write', base.eventsPerWrite, 1, true),
    fault: fault !== null && isFaultName(fault) ? fault : null,
    every: number('every', base.every, 1, true),
    after: number('fault-after', base.after, 0, true),
    dieAt: text('die-at') === undefined ? null : number('die-at', 1, 1, true),
    logFile: text('log') ?? null,
  }
  if (options.port > 65_535) problems.push(`--port: got "${options.port}"; allowed: 0 to 65535`)
  if (fault !== null && !isFaultName(fault)) {
    problems.push(`--fault: got "${fault}"; allowed: ${Object.keys(faults).join(', ')}`)
  }
  if (problems.length === 0) return options
  throw new ActionError('usage', problems.join('\n'), 'See llm-perf reference-server --help.')
}
