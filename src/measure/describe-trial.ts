import type { TrialEvidence } from '../model/trial.ts'

/** One line of the log: what a trial came to, or why it is not to be believed. */
export function describeTrial(trial: TrialEvidence, durationMs: number): string {
  const cells = Object.entries(trial.scenarios).map(([name, { values, percentile }]) => {
    const latency = `P${percentile} ${values.latencyTail?.toFixed(1)} ms`
    return `${name} ${latency}, ${values.tokensPerSecond?.toFixed(1)} tokens/s`
  })
  const [finding] = trial.findings
  const what = finding ? `INVALID: ${finding.message.split('\n')[0]}` : cells.join('; ')
  const part = trial.pair === null ? trial.stage : `pair ${trial.pair + 1}`
  return `${trial.id} (${trial.side}, ${part}) ${(durationMs / 1000).toFixed(1)} s: ${what}`
}
