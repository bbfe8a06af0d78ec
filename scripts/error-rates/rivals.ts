import { environments } from '../../bench/gate/environments.ts'
import type { RivalResult } from '../../bench/gate/rivals.ts'
import { percent } from '../../bench/percent.ts'
import { renderTable } from '../action-tables.ts'

/** Rules of other tools on the same machines. */
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
