import { type GatedMetric, gatedMetrics, metrics } from '../metrics/index.ts'
import type { Scenario } from '../model/scenario.ts'
import type { CellVerdict, Change, Diagnosis, Verdict } from '../model/verdict.ts'
import { holdingParts } from './matrix-axes.ts'
import { percent, rangeOf } from './wording.ts'

/** What became of one scenario in the metric that is told. */
interface Row {
  readonly scenario: Scenario
  readonly label: string
  /** In the metric's own direction. */
  readonly change: Change
  /** How far it moved the way that is told, slower or faster. */
  readonly moved: Change
}

const slowerVerdicts: readonly Verdict[] = ['regressed', 'accepted']
/** From this factor on, some scenarios are slower "above all" the others, beyond what chance explains. */
const aboveAll = 2

/**
 * Says in a sentence which part of the matrix became slower or, where nothing did, faster: long or short prompts or
 * answers, high or low concurrency or request rate. It rests on the verdicts of the rows alone, so it also holds for rows
 * that were measured on different machines.
 *
 * @returns null where nothing moved, where there is but one scenario, or where no part stands out
 */
export function partOfMatrix(
  scenarios: readonly Scenario[],
  cells: readonly CellVerdict[],
  diagnoses: readonly Diagnosis[],
): string | null {
  const isSlower = cells.some(({ verdict }) => slowerVerdicts.includes(verdict))
  const verdicts = isSlower ? slowerVerdicts : (['improved'] as const)
  const changed = cells.filter(({ verdict }) => verdicts.includes(verdict))
  const metric = mostOften(changed)
  if (metric === null || scenarios.length < 2) return null
  const sign = isSlower === metrics[metric].lowerIsBetter ? 1 : -1
  const rows = scenarios.flatMap((scenario) => rowOf(scenario, metric, cells, sign))
  const named = new Set(changed.map(({ scenario }) => scenario))
  const moved = rows.filter(({ scenario }) => named.has(scenario.name))
  const steady: readonly Verdict[] = isSlower ? ['unchanged', 'improved'] : ['unchanged']
  const others = rows.filter(({ scenario: { name } }) =>
    cells.every(({ scenario, verdict }) => scenario !== name || steady.includes(verdict)),
  )
  const word = isSlower ? 'Slower' : 'Faster'
  const isPrefill = (moved.length > 0 ? moved : rows).every((row) => phaseOf(row.scenario, diagnoses) === 'prefill')
  if (moved.length > 0 && others.length > 0) return confined(word, moved, others, isPrefill)
  if (rows.length < scenarios.length || (moved.length > 0 && moved.length < rows.length)) return null
  return sizesApart(word, rows, isPrefill) ?? everywhere(word, rows, moved.length > 0)
}

/** The gated metric that moved in most rows; single scenarios count before all together, which those of a shard are not. */
function mostOften(changed: readonly CellVerdict[]): GatedMetric | null {
  const singles = changed.filter(({ scenario }) => scenario !== null)
  const counted = singles.length > 0 ? singles : changed.filter(({ shard }) => !shard)
  const count = (metric: GatedMetric) => counted.filter((cell) => cell.metric === metric).length
  const [first] = gatedMetrics.toSorted((a, b) => count(b) - count(a))
  return counted.length > 0 && first ? first : null
}

function rowOf(scenario: Scenario, metric: GatedMetric, cells: readonly CellVerdict[], sign: 1 | -1): Row[] {
  const cell = cells.find((candidate) => candidate.scenario === scenario.name && candidate.metric === metric)
  if (!cell?.change) return []
  const { estimate, low, high } = cell.change
  const [least, most] = sign === 1 ? [low, high] : [-high, -low]
  const moved = { estimate: sign * estimate, low: least, high: most }
  return [{ scenario, label: metrics[metric].label(cell.percentile), change: cell.change, moved }]
}

function phaseOf({ name }: Scenario, diagnoses: readonly Diagnosis[]) {
  return diagnoses.find(({ scenario }) => scenario === name)?.phase
}

/** Some scenarios moved and others did not; null where nothing sets them apart. */
function confined(lead: string, moved: readonly Row[], others: readonly Row[], isPrefill: boolean): string | null {
  const split = holdingParts(scenariosOf(moved), scenariosOf(others), isPrefill)
  if (!split) return null
  const figures = `${labelOf(moved)} ${changesOf(moved)}`
  const [first, ...more] = split.parts
  if (split.kind === 'one' && first) {
    return `${lead} ${first.inside}: ${figures}; ${first.outside} ${changesOf(others)}.`
  }
  const places = [first, ...more].map((part) => part?.inside).join(' and ')
  return split.kind === 'both-needed'
    ? `${lead} only ${places} at once: ${figures}; elsewhere ${changesOf(others)}.`
    : `${lead} ${places}: ${figures}; elsewhere ${changesOf(others)}. Which of these matters, this matrix does not tell.`
}

/** All moved, but some far more than the others. */
function sizesApart(word: string, rows: readonly Row[], isPrefill: boolean): string | null {
  const sorted = rows.toSorted((a, b) => b.moved.estimate - a.moved.estimate)
  const gaps = sorted.slice(1).map(({ moved }, index) => (sorted[index]?.moved.estimate ?? 0) - moved.estimate)
  const cut = gaps.indexOf(Math.max(...gaps)) + 1
  const [more, less] = [sorted.slice(0, cut), sorted.slice(cut)]
  const isApart = Math.min(...more.map(({ moved }) => moved.low)) > Math.max(...less.map(({ moved }) => moved.high))
  const [last, first] = [more.at(-1), less[0]]
  const isMore = last && first && last.moved.estimate >= aboveAll * first.moved.estimate
  return isApart && isMore ? confined(`${word} above all`, more, less, isPrefill) : null
}

function everywhere(word: string, rows: readonly Row[], isEach: boolean): string {
  const figures = `${labelOf(rows)} ${changesOf(rows)}`
  return isEach
    ? `${word} in the whole matrix: ${figures}.`
    : `${word} over all scenarios together, of which none alone is proven ${word.toLowerCase()}: ${figures} each.`
}

function scenariosOf(rows: readonly Row[]): Scenario[] {
  return rows.map(({ scenario }) => scenario)
}

/** `P90 latency`; of rows with different percentiles `tail latency`. */
function labelOf(rows: readonly Row[]): string {
  const labels = new Set(rows.map(({ label }) => label))
  return labels.size === 1 ? ([...labels][0] ?? '') : 'tail latency'
}

/** `+86 %`, or `+8.1 % to +12 %`, in the metric's own direction. */
function changesOf(rows: readonly Row[]): string {
  return rangeOf(
    rows.map(({ change }) => change.estimate),
    percent,
  )
}
