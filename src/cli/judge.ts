import { readFile } from 'node:fs/promises'
import { ActionError, messageOf } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'
import { importNotes } from '../import/index.ts'
import { decide } from '../judge/index.ts'
import { describeCalibration } from '../load/calibration/describe.ts'
import type { GatePolicy } from '../model/policy.ts'
import { isSameScenario } from '../model/scenario.ts'
import { parsePolicy } from '../plan/index.ts'
import { evidenceOfRecording } from '../recording/evidence.ts'
import { pairUp } from '../recording/pair-up.ts'
import { type Recording, readRecording } from '../recording/read.ts'
import { lengthRows, machineLines, renderTerminal, soundReport } from '../report/index.ts'
import { telemetryNotes } from '../telemetry/index.ts'
import type { Command } from './command.ts'
import { readWindow } from './local.ts'

/** Decides on recordings alone: the same looks over the recorded pairs, in their recorded order. */
export const judge: Command = {
  usage: 'llm-perf judge --base DIR --head DIR [--baseline FILE] [--config llm-perf.yml] [--json]',
  summary: 'Judges two recordings without measuring. The policy is the recorded one, or the gate section of --config.',
  flags: {
    base: { type: 'string', required: true },
    head: { type: 'string', required: true },
    baseline: { type: 'string' },
    config: { type: 'string' },
    json: { type: 'boolean' },
  },
  async execute({ line, print }) {
    const base = await readRecording(line.text('base') ?? '')
    const head = await readRecording(line.text('head') ?? '')
    assertComparable(base, head)
    const window = readWindow(line.text('baseline'), head.run.runnerClass)
    const policy = await readPolicy(line.text('config'), head.run.plan.gate)
    const { trials, notes } = pairUp(evidenceOfRecording(base), evidenceOfRecording(head))
    const { scenarios } = head.run.plan
    const { report } = decide({
      scenarios,
      window,
      trials,
      policy,
      seed: head.run.seed,
      final: true,
      notes: [...notes, ...telemetryNotes(trials), ...importNotes(base.run, head.run)],
    })
    const sound = soundReport(report)
    const clientNote = head.run.calibration && describeCalibration(head.run.calibration)
    const context = { lengths: lengthRows(trials), machine: machineLines(trials), clientNote }
    print(line.has('json') ? `${JSON.stringify(sound)}\n` : renderTerminal(sound, context))
    return exitCodes[sound.conclusion]
  },
}

/** @throws ActionError `invalid` where the two recordings did not measure the same thing on the same kind of machine. */
function assertComparable(base: Recording, head: Recording): void {
  const problems: string[] = []
  if (base.run.runnerClass.id !== head.run.runnerClass.id) {
    problems.push(`the runner classes differ: base ${base.run.runnerClass.id}, head ${head.run.runnerClass.id}`)
  }
  for (const scenario of base.run.plan.scenarios) {
    const same = head.run.plan.scenarios.some((other) => isSameScenario(other, scenario))
    if (!same) problems.push(`scenario "${scenario.name}" of base is missing in head, or defined otherwise`)
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
