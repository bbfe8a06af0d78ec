import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { appendJob, parseBaselineAt, serialiseBaseline, windowFor } from '../baseline/index.ts'
import { ActionError } from '../errors.ts'
import { planDesign } from '../judge/index.ts'
import { measureBaselineJob } from '../measure/baseline-job.ts'
import { noSide } from '../measure/start-trials.ts'
import { plural } from '../model/words.ts'
import { readOrNull } from '../read-or-null.ts'
import { headCommit } from '../server/index.ts'
import { toolVersion } from '../version.ts'
import type { Command } from './command.ts'
import { startLocal, wholeNumber, withLocalRun } from './local.ts'

/** Several trials of one commit: how noisy this machine is, kept in a local baseline file. */
export const calibrate: Command = {
  usage: 'llm-perf calibrate --baseline FILE [--config llm-perf.yml] [--trials N] [--shard K/N] [--out DIR]',
  summary: 'Measures the committed work tree several times and appends the calibration to FILE.',
  flags: {
    baseline: { type: 'string', required: true },
    config: { type: 'string' },
    trials: { type: 'string' },
    shard: { type: 'string' },
    out: { type: 'string' },
  },
  async execute(context) {
    const path = context.line.text('baseline') ?? ''
    const wanted = wholeNumber(context, 'trials', 100)
    return await withLocalRun(context, async (local) => {
      const { config, runnerClass, directory } = local
      const file = parseBaselineAt(path, readOrNull(path))
      const commit = await headCommit(directory, context.signal)
      const head = async () => ({ side: 'head' as const, commit, root: directory, server: config.server })
      const policy = config.gate
      const run = startLocal(local, context, { window: null, locate: { head, base: noSide } })
      const job = await measureBaselineJob(
        run,
        { commit, kind: 'calibration', runUrl: null, accepted: [] },
        wanted ?? policy.calibrationTrials,
      )
      const { scenarios } = config.load
      const updated = appendJob(file, { runnerClass, scenarios, job, policy, toolVersion, now: new Date() })
      const window = windowFor(updated, { runnerClass, shard: policy.shard })
      if (window === null) throw new ActionError('invalid', 'The calibration left no window.', 'Please report this.')
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, serialiseBaseline(updated))
      context.print(
        `${path}: ${plural(job.trials.length, 'trial')} of ${runnerClass.id}.\n${planDesign({ window, scenarios, policy }).text}\n`,
      )
      return 0
    })
  },
}
