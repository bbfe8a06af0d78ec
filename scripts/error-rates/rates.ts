import { environments } from '../../bench/gate/environments.ts'
import type { CaseResult } from '../../bench/gate/tally.ts'
import { percent } from '../../bench/percent.ts'
import { renderTable } from '../action-tables.ts'

/** A row of the table: a figure of one case, and what it shall be. */
interface Goal {
  readonly title: string
  readonly case: string
  readonly goal: string
  isReached(result: CaseResult): boolean
  show(result: CaseResult): string
}

const goals: readonly Goal[] = [
  {
    title: 'no change ends FAIL',
    case: 'no-op',
    goal: 'at most 1 %, and its upper 95 % bound below 2 %',
    isReached: ({ fail, failBounds }) => fail <= 0.01 && failBounds[1] < 0.02,
    show: ({ fail, failBounds }) => `${percent(fail)} (to ${percent(failBounds[1])})`,
  },
  {
    title: 'no change ends inconclusive',
    case: 'no-op',
    goal: 'at most 2 %',
    isReached: ({ inconclusive }) => inconclusive <= 0.02,
    show: ({ inconclusive }) => percent(inconclusive),
  },
  caught('+10 % P99 everywhere ends FAIL', 'p99-all-10'),
  caught('+20 % P99 in one scenario', 'p99-one-20'),
  caught('−10 % tokens/s in one scenario', 'tokens-one-10'),
  caught('−5 % tokens/s everywhere', 'tokens-all-5'),
  {
    title: 'half the margin everywhere ends FAIL',
    case: 'half-margin',
    goal: 'at most 5 %',
    isReached: ({ fail }) => fail <= 0.05,
    show: ({ fail }) => percent(fail),
  },
  {
    title: 'mean passes without a change',
    case: 'no-op',
    goal: 'quiet 3, the others 9',
    isReached: ({ environment, passesMean }) => passesMean <= (environment === 'quiet' ? 3 : 9),
    show: ({ passesMean }) => passesMean.toFixed(1),
  },
  {
    title: 'passes without a change, 90 of 100 at most',
    case: 'no-op',
    goal: 'at most 14',
    isReached: ({ passesP90 }) => passesP90 <= 14,
    show: ({ passesP90 }) => passesP90.toFixed(1),
  },
]

/** A slowdown that the gate shall catch. */
function caught(title: string, name: string): Goal {
  return {
    title,
    case: name,
    goal: 'at least 95 %',
    isReached: ({ fail }) => fail >= 0.95,
    show: ({ fail }) => percent(fail),
  }
}

/** What the gate promises: a row a goal, a column a machine. */
export function ratesTable(results: readonly CaseResult[]): string {
  const names = environments.map(({ name }) => name)
  const rows = goals.map((goal) => [
    goal.title,
    goal.goal,
    ...names.map((name) => {
      const result = results.find((one) => one.environment === name && one.case === goal.case)
      if (!result) return 'not run'
      return goal.isReached(result) ? goal.show(result) : `${goal.show(result)} **missed**`
    }),
  ])
  return renderTable(['what', 'goal', ...names], rows)
}
