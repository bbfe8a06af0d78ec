import type { Scenario } from '../model/scenario.ts'
import type { Finding } from '../model/trial.ts'
import { plural } from '../model/words.ts'
import type { ServerDeath } from '../server/index.ts'

/** The server ended while it was being measured: nothing of this trial may be judged. */
export function serverDiedFinding(death: ServerDeath, scenario: Scenario | undefined, requests: number): Finding {
  const how = death.signal ? `was killed by ${death.signal}` : `exited with code ${death.exitCode}`
  const where = scenario
    ? `while scenario "${scenario.name}" ran, after ${plural(requests, 'recorded request')} of this trial`
    : 'before the first scenario'
  return {
    code: 'server-died',
    scenario: null,
    message: `The server ${how} ${where}.\n${death.tail}`,
    hint: 'Find out why it ended: the end of its log is shown with this finding.',
  }
}
