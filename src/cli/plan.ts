import { planDesign } from '../judge/index.ts'
import { readRunnerClass } from '../telemetry/index.ts'
import type { Command } from './command.ts'
import { readLocalConfig, readWindow } from './local.ts'

/** How this machine would judge a pull request; nothing is measured. */
export const plan: Command = {
  usage: 'llm-perf plan [--baseline FILE] [--config llm-perf.yml] [--shard K/N] [--json]',
  summary: 'Says how a pull request would be judged here: design, cost in passes and minutes, what it would catch.',
  flags: {
    baseline: { type: 'string' },
    config: { type: 'string' },
    shard: { type: 'string' },
    json: { type: 'boolean' },
  },
  async execute({ line, print }) {
    const { config } = readLocalConfig(line)
    const { scenarios } = config.load
    const owner = { runnerClass: await readRunnerClass(), shard: config.gate.shard }
    const window = readWindow(line.text('baseline'), owner, scenarios)
    const design = planDesign({ window, scenarios, policy: config.gate })
    print(line.has('json') ? `${JSON.stringify(design)}\n` : `${design.text}\n`)
    return 0
  },
}
