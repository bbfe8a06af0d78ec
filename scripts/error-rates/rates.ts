import { environments } from '../../bench/gate/environments.ts'
import type { CaseResult } from '../../bench/gate/tally.ts'
import { percent } from '../../bench/percent.ts'
import { renderTable } from '../action-tables.ts'

interface Goal {
  readonly title: string
  readonly goal: string
  isReached(result: CaseResult): boolean
  show(result: CaseResult): string
}

const failRate = (title: string, goal: string, isReached: Goal['isReached']): Goal & { readonly case: string } => ({
  case: title,
  title: '',
  goal,
  isReached,
  show: ({ fail }) => percent(fail),
})

/** Rows of the table, by case: what is shown of it, and what it shall be. */
const goals: readonly (Goal & { readonly case: string })[] = [
  {
    ...failRate('no-op', 'at most 1 %, and its upper 95 % bound below 2 %', ({ fail, failBounds }) => {
      return fail <= 0.01 && failBounds[1] < 0.02
    }),
    title: 'no change ends FAIL',
    show: ({ fail, failBounds }) => `${percent(fail)} (to ${percent(failBounds[1])})`,
  },
  {
    ...failRate('no-op', 'at most 2 %', ({ inconclusive }) => inconclusive <= 0.02),
    title: 'no change ends inconclusive',
    show: ({ inconclusive }) => percent(inconclusive),
  },
  { ...failRate('p99-all-10', 'at least 95 %', ({ fail }) => fail >= 0.95), title: '+10 % P99 everywhere ends FAIL' },
  { ...failRate('p99-one-20', 'at least 95 %', ({ fail }) => fail >= 0.95), title: '+20 % P99 in one scenario' },
  {
    ...failRate('tokens-one-10', 'at least 95 %', ({ fail }) => fail >= 0.95),
    title: '−10 % tokens/s in one scenario',
  },
  { ...failRate('tokens-all-5', 'at least 95 %', ({ fail }) => fail >= 0.95), title: '−5 % tokens/s everywhere' },
  {
    ...failRate('half-margin', 'at most 5 %', ({ fail }) => fail <= 0.05),
    title: 'half the margin everywhere ends FAIL',
  },
  {
    ...failRate('no-op', 'quiet 3, the others 9', ({ environment, passesMean }) => {
      return passesMean <= (environment === 'quiet' ? 3 : 9)
    }),
    title: 'mean passes without a change',
    show: ({ passesMean }) => passesMean.toFixed(1),
  },
  {
    ...failRate('no-op', 'at most 14', ({ passesP90 }) => passesP90 <= 14),
    title: 'passes without a change, 90 of 100 at most',
    show: ({ passesP90 }) => passesP90.toFixed(1),
  },
]

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
