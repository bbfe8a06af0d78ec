import { fewestRequests } from '../../model/scenario.ts'
import { plural } from '../../model/words.ts'
import type { ValidityRule } from './rule.ts'

/** A window ends with the last content, a little before the client saw that the time had passed. */
const partOfTime = 0.95

/** Requests that are missing, doubled or of another scenario: the recording is not what the plan asked for. */
export const requestCount: ValidityRule = ({ scenario, records, window }) => {
  const strangers = records.filter((record) => record.scenario !== scenario.name).length
  const distinct = new Set(records.map((record) => record.index)).size
  const least = fewestRequests(scenario)
  // Only a closed loop that goes on for a time does not know beforehand how many requests that makes.
  const isTimed = scenario.arrivals === null && scenario.minSeconds > 0
  const seconds = (window.endMs - window.startMs) / 1000
  const isLongEnough = seconds + scenario.thinkTimeMs / 1000 >= partOfTime * scenario.minSeconds
  const isAll = isTimed ? records.length >= least && isLongEnough : records.length === least
  if (isAll && distinct === records.length && strangers === 0) return null
  const doubled = records.length - distinct
  return {
    code: 'request-count',
    scenario: scenario.name,
    message: [
      isTimed
        ? `The recording holds ${plural(records.length, 'request')} in ${seconds.toFixed(1)} s; the plan asks for at least ${least} and ${scenario.minSeconds} s.`
        : `The recording holds ${plural(records.length, 'request')}; the plan asks for ${least}.`,
      ...(doubled > 0 ? [`${doubled} of them appear more than once.`] : []),
      ...(strangers > 0 ? [`${strangers} of them belong to another scenario.`] : []),
    ].join(' '),
    hint: 'The measurement was cut short, or the recording was changed afterwards. Measure again.',
  }
}
