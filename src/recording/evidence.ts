import type { ScenarioMetrics } from '../metrics/index.ts'
import { summariseScenario } from '../metrics/summarise.ts'
import type { ClientCalibration } from '../model/calibration.ts'
import type { ScenarioLengths } from '../model/lengths.ts'
import type { GatePolicy } from '../model/policy.ts'
import type { TrialRecord } from '../model/recording.ts'
import type { RequestRecord } from '../model/request.ts'
import type { Scenario } from '../model/scenario.ts'
import type { Finding, TrialEvidence } from '../model/trial.ts'
import { findInvalid } from '../telemetry/index.ts'
import { lengthsOf } from './lengths.ts'
import type { Recording } from './read.ts'

/**
 * What the judge sees of a trial. Validity is derived from the raw requests every time, never only believed from the
 * file: the recorded findings add what requests cannot show (a server that died, a warm-up that failed).
 */
export function evidenceOfTrial(
  trial: TrialRecord,
  requests: readonly RequestRecord[],
  scenarios: readonly Scenario[],
  policy: GatePolicy,
  calibration: ClientCalibration | null,
): TrialEvidence {
  const findings: Finding[] = [...trial.findings]
  const metrics: Record<string, ScenarioMetrics> = {}
  const lengths: ScenarioLengths[] = []
  // A finding about the whole trial (the server died) explains all that its requests lack.
  const isBroken = findings.some(({ scenario }) => scenario === null)
  const own = requests.filter((request) => request.trial === trial.id)
  const byScenario = Map.groupBy(own, (request) => request.scenario)
  for (const window of isBroken ? [] : trial.windows) {
    const scenario = scenarios.find((candidate) => candidate.name === window.scenario)
    if (!scenario) {
      findings.push(unplanned(window.scenario))
      continue
    }
    const records = byScenario.get(scenario.name) ?? []
    const counted = lengthsOf(scenario, window, records)
    if (counted) lengths.push(counted)
    const { telemetry } = trial
    const broken = findInvalid({ scenario, records, window, telemetry, policy, calibration })
    findings.push(...broken.filter((finding) => !findings.some((known) => isSameFinding(known, finding))))
    // Numbers are only made from what passed every rule.
    const summary = broken.length === 0 ? summariseScenario(records, window, scenario) : null
    if (summary) metrics[scenario.name] = summary
  }
  const { id, side, stage, pair, order, startedAt, startupMs, telemetry, outputs } = trial
  const identity = { id, side, stage, pair, order, startedAt, startupMs }
  return { ...identity, scenarios: metrics, findings, lengths, telemetry, outputs }
}

/** The evidence of all trials of a recording, in their recorded order. */
export function evidenceOfRecording({ run, requests }: Recording): TrialEvidence[] {
  const { plan, calibration } = run
  const byTrial = Map.groupBy(requests, (request) => request.trial)
  return run.trials
    .map((trial) => evidenceOfTrial(trial, byTrial.get(trial.id) ?? [], plan.scenarios, plan.gate, calibration))
    .sort((a, b) => a.order - b.order)
}

function isSameFinding(a: Finding, b: Finding): boolean {
  return a.code === b.code && a.scenario === b.scenario
}

function unplanned(scenario: string): Finding {
  return {
    code: 'unplanned-scenario',
    scenario,
    message: `The trial measured "${scenario}", which the plan of the recording does not name.`,
    hint: 'The recording was put together from different plans. Measure again.',
  }
}
