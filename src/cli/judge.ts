import { readFile } from 'node:fs/promises'
import { ActionError, messageOf } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'
import type { GatePolicy } from '../model/policy.ts'
import { parsePolicy, policyOfShard } from '../plan/index.ts'
import { judgeRun, placesIn, type RunPlaces, readRun } from '../recording/recorded-run.ts'
import { measurementContext, renderTerminal, soundReport } from '../report/index.ts'
import type { Command, CommandLine } from './command.ts'
import { readWindow } from './local.ts'

/** Decides on recordings alone: the same looks over the recorded pairs, in their recorded order. */
export const judge: Command = {
  usage: 'llm-perf judge (--recording DIR | --base DIR --head DIR) [--baseline FILE] [--config llm-perf.yml] [--json]',
  summary:
    'Judges without measuring: the recording of a run, with the baseline that lies in it, or any two sides. The policy ' +
    'is the recorded one, or the gate section of --config.',
  flags: {
    recording: { type: 'string' },
    base: { type: 'string' },
    head: { type: 'string' },
    baseline: { type: 'string' },
    config: { type: 'string' },
    json: { type: 'boolean' },
  },
  async execute({ line, print }) {
    const { baseline, ...places } = sourcesOf(line)
    const run = await readRun(places)
    const { head, trials } = run
    const { scenarios, gate } = head.plan
    const window = readWindow(baseline, { runnerClass: head.runnerClass, shard: gate.shard }, scenarios)
    const policy = await readPolicy(line.text('config'), gate)
    const report = judgeRun(run, { window, policy, accepted: head.accepted ?? [] })
    const sound = soundReport(report)
    const context = measurementContext(trials, head.calibration)
    print(line.has('json') ? `${JSON.stringify(sound)}\n` : renderTerminal(sound, context))
    return exitCodes[sound.conclusion]
  },
}

interface Sources extends Pick<RunPlaces, 'head' | 'base'> {
  readonly baseline: string | undefined
}

function sourcesOf(line: CommandLine): Sources {
  const [recording, base, head, baseline] = ['recording', 'base', 'head', 'baseline'].map((name) => line.text(name))
  const isOne = recording === undefined ? base !== undefined && head !== undefined : (base ?? head) === undefined
  if (!isOne) {
    const given = ['recording', 'base', 'head'].filter((name) => line.text(name) !== undefined)
    throw new ActionError(
      'usage',
      `Got ${given.map((name) => `--${name}`).join(' and ') || 'no recording'}; needed is --recording DIR, or --base DIR and --head DIR.`,
      'Give --recording the folder that a run has written, or --base and --head one folder of a side each.',
    )
  }
  if (recording === undefined) return { base: base ?? null, head: head ?? '', baseline }
  const { window, ...sides } = placesIn(recording)
  return { ...sides, baseline: baseline ?? window ?? undefined }
}

async function readPolicy(path: string | undefined, recorded: GatePolicy): Promise<GatePolicy> {
  if (path === undefined) return recorded
  try {
    return policyOfShard(parsePolicy(await readFile(path, 'utf8'), path), recorded.shard ?? null)
  } catch (error) {
    if (error instanceof ActionError) throw error
    throw new ActionError('usage', `--config: ${path} cannot be read (${messageOf(error)}).`, 'Give a llm-perf.yml.')
  }
}
