import type { ValidityRule } from './rule.ts'

/** Requests that are missing, doubled or of another scenario: the recording is not what the plan asked for. */
export const requestCount: ValidityRule = ({ scenario, records }) => {
  const strangers = records.filter((record) => record.scenario !== scenario.name).length
  const distinct = new Set(records.map((record) => record.index)).size
  if (records.length === scenario.requests && distinct === records.length && strangers === 0) return null
  const doubled = records.length - distinct
  return {
    code: 'request-count',
    scenario: scenario.name,
    message: [
      `${records.length} requests were recorded; the plan asks for ${scenario.requests}.`,
      ...(doubled > 0 ? [`${doubled} of them appear more than once.`] : []),
      ...(strangers > 0 ? [`${strangers} of them belong to another scenario.`] : []),
    ].join(' '),
    hint: 'The measurement was cut short, or the recording was changed afterwards. Measure again.',
  }
}
