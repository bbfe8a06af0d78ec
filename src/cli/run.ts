import { ActionError } from '../errors.ts'
import { noSide } from '../measure/start-trials.ts'
import { metrics, type ScenarioMetrics } from '../metrics/index.ts'
import { counts, type TrialEvidence } from '../model/trial.ts'
import { describeCalibration, type LengthRow, lengthRows } from '../report/index.ts'
import { headCommit } from '../server/index.ts'
import type { Command } from './command.ts'
import { startLocal, wholeNumber, withLocalRun } from './local.ts'

/** Trials of the work tree, recorded; no verdict. */
export const run: Command = {
  usage: 'llm-perf run [--config llm-perf.yml] [--trials N] [--shard K/N] [--out DIR] [--json]',
  summary: 'Measures the server of this work tree and writes the recording to DIR/head.',
  flags: {
    config: { type: 'string' },
    trials: { type: 'string' },
    shard: { type: 'string' },
    out: { type: 'string' },
    json: { type: 'boolean' },
  },
  async execute(context) {
    const wanted = wholeNumber(context, 'trials', 100)
    return await withLocalRun(context, async (local) => {
      const commit = await headCommit(local.directory).catch(() => null)
      const head = async () => ({ side: 'head' as const, commit, root: local.directory, server: local.config.server })
      const trials = startLocal(local, context, { window: null, locate: { head, base: noSide } })
      await trials.repeat('head', 'baseline', wanted ?? local.config.gate.trials)
      const error = trials.calibration && describeCalibration(trials.calibration)
      const text = `${describeTrials(trials.evidence)}${error ? `client  ${error}\n` : ''}`
      context.print(context.line.has('json') ? `${JSON.stringify(trials.evidence)}\n` : text)
      const finding = trials.evidence.filter(counts).flatMap((trial) => trial.findings)[0]
      if (finding) throw new ActionError('invalid', finding.message, finding.hint)
      return 0
    })
  },
}

function describeTrials(evidence: readonly TrialEvidence[]): string {
  const lines = evidence.flatMap((trial) =>
    Object.entries(trial.scenarios).map(([name, measured]) => `${trial.id}  ${name}  ${describeMetrics(measured)}`),
  )
  return `${[...lines, ...lengthRows(evidence).map(describeLengths)].join('\n')}\n`
}

function describeLengths({ scenario, prompts, prompt, output }: LengthRow): string {
  return `tokens  ${scenario}  prompt ${prompt} (${prompts}), answer ${output}`
}

function describeMetrics({ values, percentile }: ScenarioMetrics): string {
  const parts = Object.entries(metrics).flatMap(([name, { label, unit }]) => {
    const value = values[name as keyof typeof values]
    return value === null ? [] : [`${label(percentile)} ${value.toPrecision(4)}${unit === 'ms' ? ' ms' : ''}`]
  })
  return parts.join(', ')
}
