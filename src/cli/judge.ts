import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ActionError, messageOf } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'
import { importNotes } from '../import/index.ts'
import { decide } from '../judge/index.ts'
import type { GatePolicy } from '../model/policy.ts'
import type { RunFile } from '../model/recording.ts'
import { isAmong } from '../model/scenario.ts'
import type { TrialEvidence } from '../model/trial.ts'
import { parsePolicy } from '../plan/index.ts'
import { evidenceOfRecording } from '../recording/evidence.ts'
import { judgedWindowFileName } from '../recording/judged-window.ts'
import { pairUp } from '../recording/pair-up.ts'
import { readRecording } from '../recording/read.ts'
import { measurementContext, renderTerminal, soundReport } from '../report/index.ts'
import { telemetryNotes } from '../telemetry/index.ts'
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
    const sources = sourcesOf(line)
    const head = await readSide(sources.head)
    const base = sources.base === null ? null : await readSide(sources.base)
    if (base) assertComparable(base, head)
    const window = readWindow(sources.baseline, head.run.runnerClass)
    const policy = await readPolicy(line.text('config'), head.run.plan.gate)
    const { trials, notes } = pairUp(base?.trials ?? [], head.trials)
    const { scenarios } = head.run.plan
    const { report } = decide({
      scenarios,
      window,
      trials,
      policy,
      seed: head.run.seed,
      accepted: head.run.accepted ?? [],
      final: true,
      notes: [...notes, ...telemetryNotes(trials), ...importNotes(base?.run ?? head.run, head.run)],
    })
    const sound = soundReport(report)
    const context = measurementContext(trials, head.run.calibration)
    print(line.has('json') ? `${JSON.stringify(sound)}\n` : renderTerminal(sound, context))
    return exitCodes[sound.conclusion]
  },
}

/** Where what is judged lies. */
interface Sources {
  readonly head: string
  /** Null: the run was decided by its screen, and never measured the base side. */
  readonly base: string | null
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
  const inside = (name: string) => (existsSync(join(recording, name)) ? join(recording, name) : undefined)
  return {
    head: join(recording, 'head'),
    base: inside('base') ?? null,
    baseline: baseline ?? inside(judgedWindowFileName),
  }
}

/** What a recording comes to. */
interface RecordedSide {
  readonly run: RunFile
  readonly trials: readonly TrialEvidence[]
}

/** One side at a time: the requests of the first need not stay in memory while the second is read. */
async function readSide(directory: string): Promise<RecordedSide> {
  const recording = await readRecording(directory)
  return { run: recording.run, trials: evidenceOfRecording(recording) }
}

/** @throws ActionError `invalid` where the two recordings did not measure the same thing on the same kind of machine. */
function assertComparable(base: RecordedSide, head: RecordedSide): void {
  const problems: string[] = []
  if (base.run.runnerClass.id !== head.run.runnerClass.id) {
    problems.push(`the runner classes differ: base ${base.run.runnerClass.id}, head ${head.run.runnerClass.id}`)
  }
  for (const scenario of base.run.plan.scenarios) {
    if (!isAmong(scenario, head.run.plan.scenarios)) {
      problems.push(`scenario "${scenario.name}" of base is missing in head, or defined otherwise`)
    }
  }
  if (problems.length === 0) return
  throw new ActionError(
    'invalid',
    `The recordings cannot be compared: ${problems.join('; ')}.`,
    'Record both sides on one machine with the same scenarios.',
  )
}

async function readPolicy(path: string | undefined, recorded: GatePolicy): Promise<GatePolicy> {
  if (path === undefined) return recorded
  try {
    return parsePolicy(await readFile(path, 'utf8'), path)
  } catch (error) {
    if (error instanceof ActionError) throw error
    throw new ActionError('usage', `--config: ${path} cannot be read (${messageOf(error)}).`, 'Give a llm-perf.yml.')
  }
}
