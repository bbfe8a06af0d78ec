import { fewestRequests } from '../../model/scenario.ts'
import { percent, type ValidityRule } from './rule.ts'

/** Of the planned rate. */
const leastAchieved = 0.98
/** The last requests tell how far behind its schedule the load was in the end; one of them alone may be a hiccup. */
const lastPart = 0.05
const fewestLast = 5

/**
 * An open loop that fell behind its schedule although every request found a connection: the client could not keep up. Where
 * requests had to wait for a connection, the server was the limit, and that is a result.
 */
export const clientRate: ValidityRule = ({ scenario, records, window }) => {
  if (scenario.arrivals === null || !(window.queuedRequests === 0)) return null
  const delaysMs = records
    .toSorted((a, b) => a.index - b.index)
    .flatMap(({ sentMs, scheduledMs }) => (sentMs === null ? [] : [sentMs - scheduledMs]))
    .slice(-Math.max(fewestLast, Math.ceil(lastPart * records.length)))
    .toSorted((a, b) => a - b)
  const behindMs = delaysMs[Math.floor(delaysMs.length / 2)]
  if (behindMs === undefined) return null
  const planned = scenario.arrivals.requestsPerSecond
  const requests = fewestRequests(scenario)
  const achieved = requests / (requests / planned + behindMs / 1000)
  if (achieved >= leastAchieved * planned) return null
  return {
    code: 'client-rate',
    scenario: scenario.name,
    message: `The load client sent ${achieved.toFixed(1)} of ${planned} requests per second: the last ones left ${behindMs.toFixed(0)} ms late, though none had to wait for a connection; at least ${percent(leastAchieved)} of the rate must be reached.`,
    hint: 'Something else uses the CPU of this runner, or the rate is more than one client can send. Run nothing beside the job, or lower the rate.',
  }
}
