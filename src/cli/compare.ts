import { exitCodes } from '../exit-codes.ts'
import { planDesign } from '../judge/index.ts'
import { acceptanceOfChange, ofScenarios } from '../measure/acceptance.ts'
import { locateBase } from '../measure/base-side.ts'
import { noOverrides } from '../plan/index.ts'
import { measurementContext, renderTerminal, soundReport } from '../report/index.ts'
import { findMergeBase, headCommit } from '../server/index.ts'
import type { Command } from './command.ts'
import { readWindow, startLocal, withLocalRun } from './local.ts'

/** What the action does on a pull request, for the work tree and without GitHub. */
export const compare: Command = {
  usage: 'llm-perf compare --base REF [--config llm-perf.yml] [--baseline FILE] [--shard K/N] [--out DIR] [--json]',
  summary: 'Measures this work tree against its merge-base with REF, side by side, and judges.',
  flags: {
    base: { type: 'string', required: true },
    config: { type: 'string' },
    baseline: { type: 'string' },
    shard: { type: 'string' },
    out: { type: 'string' },
    json: { type: 'boolean' },
  },
  async execute(context) {
    const { line, log, signal } = context
    const startedMs = performance.now()
    return await withLocalRun(context, async (local) => {
      const { load, gate: policy } = local.config
      const owner = { runnerClass: local.runnerClass, shard: policy.shard }
      const window = readWindow(line.text('baseline'), owner, load.scenarios)
      const base = await findMergeBase({ repository: local.directory, baseRef: line.text('base') ?? '', signal })
      const commit = await headCommit(local.directory, signal)
      log.info(planDesign({ window, scenarios: load.scenarios, policy }).text)
      const { directory, configPath, config, session } = local
      const change = { repository: directory, base, labels: [], isFork: false, signal, log }
      const acceptance = await acceptanceOfChange({ ...change, scenarios: local.matrix })
      const { accepted, problems } = ofScenarios(acceptance, load.scenarios)
      const server = config.server
      const baseSide = { commit: base, configPath, overrides: noOverrides, headServer: server, session, log }
      const trials = startLocal(local, context, {
        window,
        accepted,
        notes: problems,
        locate: {
          head: async () => ({ side: 'head', commit, root: directory, server }),
          base: () => locateBase(baseSide),
        },
      })
      const { report, cost, calibration } = await trials.judge()
      const sound = soundReport(report)
      const minutes = (performance.now() - startedMs) / 60_000
      context.print(
        line.has('json')
          ? `${JSON.stringify({ ...sound, cost, calibration })}\n`
          : renderTerminal(sound, {
              minutes,
              passes: cost.passes,
              ...measurementContext(trials.evidence, calibration),
            }),
      )
      return exitCodes[sound.conclusion]
    })
  },
}
