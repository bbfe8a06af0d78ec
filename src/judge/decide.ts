import type { AcceptedSlowdown } from '../model/accepted.ts'
import type { BaselineWindow } from '../model/baseline.ts'
import type { GatePolicy } from '../model/policy.ts'
import type { Scenario } from '../model/scenario.ts'
import type { Finding, TrialEvidence } from '../model/trial.ts'
import { type CellVerdict, type JudgeReport, worstVerdict } from '../model/verdict.ts'
import type { Variance } from '../stats/moderated-variance.ts'
import { acceptSlowdowns } from './accepted.ts'
import type { Anchor } from './anchor.ts'
import { type Cell, cellsOf } from './cells.ts'
import { comparableWindow } from './comparable-window.ts'
import { confirm, type Decision } from './confirm.ts'
import { diagnose } from './diagnose.ts'
import type { RunEvidence } from './evidence.ts'
import { creepNotes } from './level-notes.ts'
import { plannedLooks } from './looks.ts'
import { controlNull, type NullControl } from './null-control.ts'
import { withOutlooks } from './outlook.ts'
import { compareOutputs, doubtSpeedUps, outputsNotes } from './outputs.ts'
import { overtakenBy } from './overtaken.ts'
import { completePairs, isScreenTrial } from './pairs.ts'
import { partOfMatrix } from './part-of-matrix.ts'
import { findProblems, problemOf } from './problems.ts'
import { conclusionOf, missingRows, rowOf, sortRows } from './rows.ts'
import { type Screened, screenCell, suspiciousCells } from './screen.ts'
import { chooseScreenTrials } from './screen-choice.ts'
import { shownChanges } from './shown.ts'
import { startAndMemoryNotes } from './starts-and-memory.ts'
import { pairPrior } from './window-noise.ts'

export interface DecisionInput {
  /** What head must be judged on. */
  readonly scenarios: readonly Scenario[]
  /** Of this runner class; null when there is none. */
  readonly window: BaselineWindow | null
  /** All so far, in order. */
  readonly trials: readonly TrialEvidence[]
  readonly policy: GatePolicy
  readonly seed: number
  /** Nothing more will be measured: undecided cells become inconclusive. */
  readonly final: boolean
  /** Slowdowns that the team takes on purpose; left out: none. */
  readonly accepted?: readonly AcceptedSlowdown[]
  readonly notes: readonly string[]
}

/** What to measure before the judge is asked again. */
export type Next =
  | { readonly kind: 'screen'; readonly trials: number }
  /** `pairs`: how many more until the next look. */
  | { readonly kind: 'pairs'; readonly scenarios: readonly string[]; readonly pairs: number }
  | { readonly kind: 'done' }

/** The evidence as one look at all trials sees it. */
interface Case {
  readonly input: DecisionInput
  readonly cells: readonly Cell[]
  /** Head trials that the screen needs; 0 without one. */
  readonly screenPlanned: number
  /** Variance of a pair's difference as the window knows it, by cell. */
  readonly priors: ReadonlyMap<string, Variance>
  readonly anchors: ReadonlyMap<string, Anchor>
  readonly run: RunEvidence
  /** Why the baseline cannot screen. */
  readonly obstacle: string | null
  readonly problems: readonly Finding[]
  readonly screened: ReadonlyMap<string, Screened>
  /** Cells that pairs must decide; null while the screen is not complete. */
  readonly suspects: readonly Cell[] | null
  readonly decisions: ReadonlyMap<string, Decision>
  readonly nullControl: NullControl | null
}

/**
 * The verdict on all trials so far, and what to measure next. A pure replay: the live run asks after every step, the
 * `judge` command asks once, and the same trials give the same answer.
 *
 * Until `next` is `done`, undecided cells are reported as inconclusive: no report in between can pass for a good one.
 */
export function decide(input: DecisionInput): { readonly report: JudgeReport; readonly next: Next } {
  const judged = examine(input)
  const missing = missingRows(input.window?.scenarios ?? [], input.scenarios, input.policy)
  const problems = input.trials.length > 0 ? judged.problems : [...judged.problems, noTrials]
  const found = judged.cells.map((cell) => rowFor(cell, judged, problems))
  const next: Next = missing.length > 0 ? { kind: 'done' } : nextStep(judged)
  const isOver = input.final || next.kind === 'done'
  const proven = isOver ? withOutlooks(found, judged, isCutShort(judged)) : found
  const { rows, notes } = acceptSlowdowns(proven, input, judged.run.pairs)
  const report = reportOn(sortRows([...rows, ...missing]), judged, problems)
  return { report: { ...report, notes: [...report.notes, ...notes] }, next }
}

function examine(input: DecisionInput): Case {
  const { scenarios, policy, trials, final } = input
  const cells = cellsOf(scenarios, policy)
  const { window, noises, anchors, obstacle } = comparableWindow(input.window, scenarios, cells, policy.shard)
  const screenPlanned = obstacle ? 0 : chooseScreenTrials({ cells, noises, anchors, policy })
  const screenTrials = trials.filter(isScreenTrial)
  const run: RunEvidence = { pairs: completePairs(trials), screenTrials, window }
  const screened = new Map<string, Screened>()
  for (const cell of screenTrials.length > 0 ? cells : []) {
    const result = screenCell(cell, noises.get(cell.key), screenTrials)
    if (result) screened.set(cell.key, result)
  }
  const suspects = suspectsOf(cells, screenPlanned, run, screened, final)
  const priors = new Map(cells.map((cell) => [cell.key, pairPrior(noises.get(cell.key))]))
  const decisions = confirm({ cells: suspects ?? [], pairs: run.pairs, priors, anchors, policy, final })
  const nullControl = controlNull(suspects ?? [], run.pairs, priors)
  const problems = findProblems(scenarios, input.window, trials, policy)
  return {
    input,
    cells,
    screenPlanned,
    priors,
    anchors,
    run,
    obstacle,
    problems,
    screened,
    suspects,
    decisions,
    nullControl,
  }
}

/** The screen only clears what it could compute a boundary for; without a complete screen, pairs decide everything. */
function suspectsOf(
  cells: readonly Cell[],
  screenPlanned: number,
  run: RunEvidence,
  screened: ReadonlyMap<string, Screened>,
  final: boolean,
): readonly Cell[] | null {
  const missing = screenPlanned - run.screenTrials.length
  if (run.pairs.length === 0 && missing > 0 && !final) return null
  return screened.size === cells.length ? suspiciousCells(cells, screened) : cells
}

/** Before the first trial nothing is known, which is no reason not to start. */
const noTrials: Finding = {
  code: 'no-trials',
  scenario: null,
  message: 'No trial was measured.',
  hint: 'Look at the log for what stopped the run before its first trial.',
}

function rowFor(cell: Cell, judged: Case, problems: readonly Finding[]): CellVerdict {
  const { input, run, screened, suspects, decisions, nullControl } = judged
  const names = input.scenarios.map(({ name }) => name)
  const known = (name: string) =>
    input.window === null ||
    input.window.scenarios.some((scenario) => scenario.name === name) ||
    run.pairs.some(({ base }) => Object.hasOwn(base.scenarios, name))
  return rowOf({
    cell,
    screened: screened.get(cell.key) ?? null,
    decision: decisions.get(cell.key) ?? null,
    overtakenBy: overtakenBy(cell, judged),
    needsPairs: suspects === null || suspects.includes(cell),
    problem: problemOf(problems, cell.members, names) ?? null,
    untrusted: nullControl?.passed === false,
    isNew: cell.scenario !== null && !known(cell.scenario),
    pairs: run.pairs,
    policy: input.policy,
    final: input.final,
  })
}

function reportOn(rows: readonly CellVerdict[], judged: Case, problems: readonly Finding[]): JudgeReport {
  const { input, cells, run, nullControl } = judged
  const overall = worstVerdict(rows.map(({ verdict }) => verdict))
  const outputs = compareOutputs(input.trials)
  const diagnoses = diagnose(input.scenarios, rows, run)
  const percentiles = new Map(
    cells.flatMap((cell) => (cell.scenario === null ? [] : [[cell.scenario, cell.percentile]])),
  )
  return {
    overall,
    conclusion: conclusionOf(overall),
    cells: doubtSpeedUps(rows, outputs),
    shown: shownChanges(input.scenarios, percentiles, run),
    diagnoses,
    part: partOfMatrix(input.scenarios, rows, diagnoses),
    findings: problems,
    pairs: run.pairs.length,
    trials: input.trials.length,
    nullControl,
    outputs,
    accepted: input.accepted ?? [],
    notes: [
      ...input.notes,
      ...(judged.obstacle ? [judged.obstacle] : []),
      ...creepNotes(input.window, input.scenarios, input.policy),
      ...outputsNotes(outputs, rows),
      ...startAndMemoryNotes(run),
    ],
  }
}

/** True when more pairs would have been measured, had the run gone on. */
function isCutShort(judged: Case): boolean {
  return judged.input.final && nextStep({ ...judged, input: { ...judged.input, final: false } }).kind === 'pairs'
}

function nextStep(judged: Case): Next {
  const { input, screenPlanned, run, problems, suspects, decisions } = judged
  if (input.final || problems.length > 0) return { kind: 'done' }
  if (suspects === null) return { kind: 'screen', trials: screenPlanned - run.screenTrials.length }
  const isOpen = (cell: Cell) => (decisions.get(cell.key)?.verdict ?? null) === null
  const open = suspects.filter((cell) => isOpen(cell) && overtakenBy(cell, judged).length === 0)
  const look = plannedLooks(input.policy).find(({ pairs }) => pairs > run.pairs.length)
  if (open.length === 0 || !look) return { kind: 'done' }
  const names = input.scenarios.map(({ name }) => name)
  const scenarios = names.filter((name) => open.some(({ members }) => members.includes(name)))
  return { kind: 'pairs', scenarios, pairs: look.pairs - run.pairs.length }
}
