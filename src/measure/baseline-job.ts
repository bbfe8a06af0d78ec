import { ActionError } from '../errors.ts'
import type { BaselineJob } from '../model/baseline.ts'
import { counts } from '../model/trial.ts'
import type { TrialRun } from './run.ts'

/**
 * Trials of one commit as a job for the baseline's window. Nothing broken gets in.
 *
 * @throws ActionError `invalid` with the first finding.
 */
export async function measureBaselineJob(
  run: TrialRun,
  job: Pick<BaselineJob, 'commit' | 'kind' | 'runUrl' | 'accepted'>,
  trials: number,
): Promise<BaselineJob> {
  const at = new Date().toISOString()
  await run.repeat('head', 'baseline', trials)
  const counted = run.evidence.filter(counts)
  const finding = counted.flatMap((trial) => trial.findings)[0]
  if (finding) {
    const where = finding.scenario === null ? '' : `Scenario "${finding.scenario}": `
    const hint = `${finding.hint} The baseline stays as it is.`
    throw new ActionError('invalid', `${where}${finding.message}`, hint)
  }
  return {
    ...job,
    at,
    shifts: [],
    trials: counted.map(({ id, startedAt, startupMs, scenarios }) => ({ id, startedAt, startupMs, scenarios })),
  }
}
