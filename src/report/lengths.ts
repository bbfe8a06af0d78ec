import { type ScenarioLengths, type Spread, toleratedDeviation } from '../model/lengths.ts'
import type { Side, TrialEvidence } from '../model/trial.ts'
import { isFigure, noFigure } from './format.ts'

/** Lengths of one scenario on one side, or on both where they are the same. */
export interface LengthRow {
  readonly scenario: string
  readonly sides: string
  /** How prompts were made. */
  readonly prompts: string
  /** `128`, or `131 of 128 asked, off`. */
  readonly prompt: string
  readonly output: string
}

const sourceWords: Readonly<Record<ScenarioLengths['promptSource'], string>> = {
  'token-ids': 'token ids',
  tokenize: 'words, made to measure by /tokenize',
  words: 'words, made to measure by its count',
  file: 'own prompts',
  unknown: 'made by another tool',
}

/** How long prompts and answers were, by the server's own count; in the order in which scenarios were measured. */
export function lengthRows(trials: readonly TrialEvidence[]): readonly LengthRow[] {
  const names = [...new Set(trials.flatMap(({ lengths }) => lengths.map(({ scenario }) => scenario)))]
  return names.flatMap((scenario) => {
    const [base, head] = (['base', 'head'] as const).map((side) => rowOf(scenario, side, trials))
    if (base && head && isAlike(base, head)) return [{ ...head, sides: 'both' }]
    return [base, head].flatMap((row) => row ?? [])
  })
}

function rowOf(scenario: string, side: Side, trials: readonly TrialEvidence[]): LengthRow | null {
  const measured = trials
    .filter((trial) => trial.side === side)
    .flatMap(({ lengths }) => lengths.filter((one) => one.scenario === scenario))
  const [first] = measured
  if (first === undefined) return null
  const sources = new Set(measured.map(({ promptSource }) => sourceWords[promptSource]))
  return {
    scenario,
    sides: side,
    prompts: [...sources].join('; '),
    prompt: lengthText(first.prompt.asked, merge(measured, 'prompt')),
    output: lengthText(first.output.asked, merge(measured, 'output'), first.output.isLimit),
  }
}

/** Null as soon as one trial has no count: what is left would not be the whole. */
function merge(measured: readonly ScenarioLengths[], kind: 'prompt' | 'output'): Spread | null {
  const spreads = measured.map((one) => one[kind].counted)
  const known = spreads.filter((spread) => spread !== null)
  if (known.length < spreads.length) return null
  const requests = measured.reduce((sum, one) => sum + one.requests, 0)
  return {
    least: Math.min(...known.map(({ least }) => least)),
    mean: measured.reduce((sum, one) => sum + (one[kind].counted?.mean ?? Number.NaN) * one.requests, 0) / requests,
    most: Math.max(...known.map(({ most }) => most)),
  }
}

function lengthText(asked: number | null, counted: Spread | null, isLimit = false): string {
  const most = isLimit ? 'at most ' : ''
  if (counted === null) return asked === null ? 'not counted' : `${most}${asked} asked, not counted`
  if (![counted.least, counted.mean, counted.most].every(isFigure)) return noFigure
  const { least, mean } = counted
  const text = least === counted.most ? String(least) : `${mean.toFixed(1)} (${least} to ${counted.most})`
  if (asked === null || (least === asked && counted.most === asked)) return text
  const below = isLimit ? 0 : asked - least
  const off = Math.max(below, counted.most - asked) > toleratedDeviation(asked)
  return `${text} of ${most}${asked} asked${off ? ', off' : ''}`
}

function isAlike(a: LengthRow, b: LengthRow): boolean {
  return a.prompts === b.prompts && a.prompt === b.prompt && a.output === b.output
}
