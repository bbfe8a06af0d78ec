import type { ScenarioWindow } from '../../model/recording.ts'
import type { RequestRecord } from '../../model/request.ts'
import { plural } from '../../model/words.ts'
import type { ValidityRule } from './rule.ts'

/** Times are written with fractions; what differs by less is the same moment. */
const sameMomentMs = 0.01

/** Times that cannot be: backwards, not a number, missing where the request succeeded, or outside the window. */
export const times: ValidityRule = ({ scenario, records, window }) => {
  const windowFault = window.endMs > window.startMs && window.startMs >= 0 && Number.isFinite(window.endMs)
  const faults: string[] = []
  for (const record of records) {
    const fault = faultOf(record, scenario.streaming) ?? faultInWindow(record, window)
    if (fault !== null) faults.push(`request ${record.index}: ${fault}`)
  }
  if (!windowFault) faults.unshift(`the measured window goes from ${window.startMs} to ${window.endMs} ms`)
  if (faults.length === 0) return null
  return {
    code: 'impossible-times',
    scenario: scenario.name,
    message: `The recorded times are impossible (${faults.length} of ${plural(records.length, 'request')}), first ${faults[0]}.`,
    hint: 'Did the machine sleep, or its clock jump? Measure again; if it comes back, report it with requests.jsonl.',
  }
}

/** In the order in which they must have come. */
const steps = [
  { name: 'scheduled', field: 'scheduledMs' },
  { name: 'sent', field: 'sentMs' },
  { name: 'first byte', field: 'firstByteMs' },
  { name: 'first token', field: 'firstTokenMs' },
  { name: 'last token', field: 'lastTokenMs' },
  { name: 'end', field: 'endMs' },
] as const satisfies readonly { readonly name: string; readonly field: keyof RequestRecord }[]

function faultOf(record: RequestRecord, streaming: boolean): string | null {
  let previousName = 'start of the trial'
  let previousMs = 0
  for (const { name, field } of steps) {
    const ms = record[field]
    if (ms === null) continue
    if (!(ms >= previousMs - sameMomentMs && ms < Number.POSITIVE_INFINITY)) {
      return `${name} at ${ms} ms, after ${previousName} at ${previousMs} ms`
    }
    previousName = name
    previousMs = ms
  }
  return record.outcome === 'ok' ? missingTime(record, streaming) : null
}

function missingTime({ sentMs, firstTokenMs, lastTokenMs, endMs }: RequestRecord, streaming: boolean): string | null {
  if (sentMs === null || endMs === null) return 'it succeeded without a time of sending or end'
  if (endMs <= sentMs) return `it took ${endMs - sentMs} ms`
  if (streaming && (firstTokenMs === null || lastTokenMs === null)) return 'it streamed without a time of its tokens'
  return null
}

function faultInWindow({ outcome, sentMs, endMs }: RequestRecord, window: ScenarioWindow): string | null {
  if (outcome !== 'ok' || sentMs === null || endMs === null) return null
  const isInside = sentMs >= window.startMs - sameMomentMs && endMs <= window.endMs + sameMomentMs
  return isInside ? null : `${sentMs} to ${endMs} ms is outside the window of ${window.startMs} to ${window.endMs} ms`
}
