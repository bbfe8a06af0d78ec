import { percentileFloor, supportedPercentile } from '../../metrics/summarise.ts'
import { plural } from '../../model/words.ts'
import { succeeded, type ValidityRule } from './rule.ts'

/**
 * Fewer successful requests than the tail percentile needs. The percentile follows from the planned number of requests,
 * so that both sides of a comparison use the same one.
 */
export const samples: ValidityRule = ({ scenario, records }) => {
  const percentile = supportedPercentile(scenario.requests)
  const ok = succeeded(records).length
  if (percentile !== null && ok >= percentileFloor(percentile)) return null
  return {
    code: 'too-few-samples',
    scenario: scenario.name,
    message:
      percentile === null
        ? `The plan has ${plural(scenario.requests, 'request')}; no percentile can be told from fewer than ${percentileFloor(50)}.`
        : `${plural(ok, 'request')} succeeded; P${percentile} needs at least ${percentileFloor(percentile)}.`,
    hint: 'Find out why requests failed, or plan more of them, so that some may fail.',
  }
}
