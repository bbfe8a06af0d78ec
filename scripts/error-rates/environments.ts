import { environments, stressEnvironments } from '../../bench/gate/environments.ts'
import { percent } from '../../bench/percent.ts'
import { renderTable } from '../action-tables.ts'

/** How much the simulated machines scatter. */
export function environmentsTable(): string {
  const rows = [...environments, ...stressEnvironments].map((one) => [
    one.name,
    ...[one.trialSd, one.scenarioSd, one.p99Sd, one.tokensSd, one.jobSd, one.walkSd].map(percent),
  ])
  const head = ['common to a trial', 'scenario in a trial', 'P99', 'tokens/s', 'between jobs', 'step between trials']
  return renderTable(['machine', ...head], rows)
}
