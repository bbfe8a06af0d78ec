import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { AaResult } from '../bench/aa/tally.ts'
import type { DetectableResult } from '../bench/gate/detectable.ts'
import { environments, stressEnvironments } from '../bench/gate/environments.ts'
import type { CaseResult } from '../bench/gate/tally.ts'
import { renderTable, replaceSection } from './action-tables.ts'

/**
 * Writes the tables of docs/error-rates.md from what `bench:gate --json` and `bench:aa --json` printed.
 *
 *     node scripts/error-rates-tables.ts --rates rates.jsonl --stress stress.jsonl --rivals rivals.jsonl --aa aa.jsonl \
 *         --detectable detectable.jsonl
 */
interface RivalResult {
  readonly environment: string
  readonly case: string
  readonly rival: string
  readonly fail: number
  readonly inconclusive: number
  readonly passes: number
}

interface Goal {
  readonly title: string
  readonly goal: string
  isReached(result: CaseResult): boolean
  show(result: CaseResult): string
}

const percent = (rate: number) => `${(100 * rate).toFixed(1)} %`

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

export function stressTable(results: readonly CaseResult[]): string {
  const rows = results.map((result) => [
    result.environment,
    `${percent(result.fail)} (to ${percent(result.failBounds[1])})${result.fail <= 0.01 ? '' : ' **missed**'}`,
    percent(result.inconclusive),
    result.passesMean.toFixed(1),
  ])
  return renderTable(['machine', 'FAIL (goal: at most 1 %)', 'inconclusive', 'mean passes'], rows)
}

export function rivalsTable(results: readonly RivalResult[]): string {
  const tools = [...new Set(results.map(({ rival }) => rival))]
  const rows = tools.map((tool) => [
    tool,
    String(results.find(({ rival }) => rival === tool)?.passes ?? ''),
    ...environments.map(({ name }) => {
      const of = (wanted: string) =>
        results.find((one) => one.rival === tool && one.environment === name && one.case === wanted)
      const [idle, slower] = [of('no-op'), of('p99-one-20')]
      if (!idle || !slower) return 'not run'
      return `${percent(idle.fail)} / ${percent(idle.inconclusive)} / ${percent(1 - slower.fail)}`
    }),
  ])
  const head = environments.map(({ name }) => `${name}: false FAIL / inconclusive / +20 % in one scenario not failed`)
  return renderTable(['rule', 'passes', ...head], rows)
}

/** Jobs on a real engine; one row a kind of job. */
export function realJobsTable(results: readonly AaResult[]): string {
  const rows = results.map((result) => {
    const { engine, jobs, fail, failBounds, inconclusive, invalid, scenarioNamed, phaseNamed } = result
    const isSlower = result.case.split(',')[0] !== 'a/a'
    return [
      `${engine}: ${result.case}`,
      String(jobs),
      `${fail} (${percent(failBounds[0])} to ${percent(failBounds[1])})`,
      String(inconclusive),
      String(invalid),
      isSlower ? `${scenarioNamed}; ${phaseNamed}` : '',
      result.passesMean.toFixed(1),
      result.secondsMean.toFixed(0),
    ]
  })
  const head = [
    'jobs of',
    'jobs',
    'FAIL',
    'inconclusive',
    'invalid',
    'scenario named; phase too',
    'passes',
    'seconds a job',
  ]
  return renderTable(head, rows)
}

const detectableWords = {
  latencyTail: { one: '+ P99 in one scenario', all: '+ P99 everywhere' },
  tokensPerSecond: { one: '− tokens/s in one scenario', all: '− tokens/s everywhere' },
} as const satisfies Record<DetectableResult['metric'], Record<DetectableResult['scope'], string>>

/** What runs said they would have caught, and how often that was caught. */
export function detectableTable(results: readonly DetectableResult[]): string {
  const kinds = (['latencyTail', 'tokensPerSecond'] as const).flatMap((metric) =>
    (['one', 'all'] as const).map((scope) => ({ metric, scope })),
  )
  const rows = kinds.map(({ metric, scope }) => [
    detectableWords[metric][scope],
    ...environments.map(({ name }) => {
      const result = results.find((one) => one.environment === name && one.metric === metric && one.scope === scope)
      if (!result) return 'not run'
      const isReached = result.failBounds[1] >= 0.95
      return `${percent(result.said[1])}: ${percent(result.fail)} of ${result.runs}${isReached ? '' : ' **missed**'}`
    }),
  ])
  const runs = results.reduce((total, result) => total + result.runs, 0)
  const caught = results.reduce((total, result) => total + result.fail * result.runs, 0)
  const table = renderTable(['slowdown', ...environments.map(({ name }) => name)], rows)
  return `${table}\n\nAll together: ${percent(caught / runs)} of ${runs}.`
}

export function environmentsTable(): string {
  const rows = [...environments, ...stressEnvironments].map((one) => [
    one.name,
    ...[one.trialSd, one.scenarioSd, one.p99Sd, one.tokensSd, one.jobSd, one.walkSd].map(percent),
  ])
  const head = ['common to a trial', 'scenario in a trial', 'P99', 'tokens/s', 'between jobs', 'step between trials']
  return renderTable(['machine', ...head], rows)
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      rates: { type: 'string' },
      stress: { type: 'string' },
      rivals: { type: 'string' },
      aa: { type: 'string' },
      detectable: { type: 'string' },
    },
  })
  const read = <T>(file: string): T[] =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as T)
  const page = new URL('../docs/error-rates.md', import.meta.url)
  let text = replaceSection(readFileSync(page, 'utf8'), 'environments', environmentsTable())
  if (values.rates) text = replaceSection(text, 'rates', ratesTable(read<CaseResult>(values.rates)))
  if (values.stress) text = replaceSection(text, 'stress', stressTable(read<CaseResult>(values.stress)))
  if (values.rivals) text = replaceSection(text, 'rivals', rivalsTable(read<RivalResult>(values.rivals)))
  if (values.aa) text = replaceSection(text, 'real-jobs', realJobsTable(read<AaResult>(values.aa)))
  if (values.detectable) {
    text = replaceSection(text, 'detectable', detectableTable(read<DetectableResult>(values.detectable)))
  }
  writeFileSync(page, text)
}
