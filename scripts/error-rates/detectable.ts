import type { DetectableResult } from '../../bench/gate/detectable.ts'
import { environments } from '../../bench/gate/environments.ts'
import { percent } from '../../bench/percent.ts'
import { renderTable } from '../action-tables.ts'

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
