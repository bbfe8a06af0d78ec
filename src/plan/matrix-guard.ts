import { ActionError } from '../errors.ts'
import { differingFields, isSameScenario, type Scenario } from '../model/scenario.ts'

/**
 * A pull request may add scenarios; it may not drop one that the base branch measures, nor make it other work under the
 * same name. Else it would be judged by what it chose to leave.
 *
 * @param expected scenarios of the base branch
 * @param scenarios of the pull request
 * @throws ActionError `invalid` with every scenario that is missing or changed, before anything is measured
 */
export function guardMatrix(expected: readonly Scenario[], scenarios: readonly Scenario[]): void {
  const problems = expected.flatMap((old) => {
    const now = scenarios.find(({ name }) => name === old.name)
    if (!now) return [`"${old.name}" is missing`]
    return isSameScenario(old, now) ? [] : [`"${old.name}" is other work: ${differences(old, now)}`]
  })
  if (problems.length === 0) return
  throw new ActionError(
    'invalid',
    `This pull request changes what the base branch measures: ${problems.join('; ')}.`,
    'Keep the scenarios of the base branch, and give changed ones a new name beside them. To change the matrix itself, merge ' +
      'that alone; the next push to the default branch measures the new one.',
  )
}

function differences(old: Scenario, now: Scenario): string {
  const show = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
  return differingFields(old, now)
    .map((field) => `${field} ${show(now[field])} instead of ${show(old[field])}`)
    .join(', ')
}
