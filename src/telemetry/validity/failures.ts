import type { RequestRecord } from '../../model/request.ts'
import { plural } from '../../model/words.ts'
import { percent, type ValidityRule } from './rule.ts'

const shownOutcomes = 3

/** More failed requests than the gate allows: what succeeded is the lighter part of the load. */
export const failures: ValidityRule = ({ scenario, records, policy: { failureLimit } }) => {
  const failed = records.filter((record) => record.outcome !== 'ok')
  if (records.length === 0 || failed.length / records.length <= failureLimit) return null
  const count =
    failed.length === records.length
      ? `Every request failed (${failed.length})`
      : `${failed.length} of ${plural(records.length, 'request')} failed (${percent(failed.length / records.length)}, allowed ${percent(failureLimit)})`
  return {
    code: 'failures',
    scenario: scenario.name,
    message: `${count}: ${countOutcomes(failed)}.${firstDetail(failed)}`,
    hint: 'Send one such request by hand and see the server log. If some failures are normal here, raise gate.failure-limit.',
  }
}

/** `12 http-error, 3 deadline`: the most frequent first. */
function countOutcomes(failed: readonly RequestRecord[]): string {
  return [...Map.groupBy(failed, (record) => record.outcome)]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, shownOutcomes)
    .map(([outcome, records]) => `${records.length} ${outcome}`)
    .join(', ')
}

function firstDetail(failed: readonly RequestRecord[]): string {
  const detail = failed.find((record) => record.detail)?.detail
  return detail ? ` The first one: ${detail.slice(0, 300)}` : ''
}
