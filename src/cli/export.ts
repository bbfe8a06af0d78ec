import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ActionError, messageOf } from '../errors.ts'
import { type ExportInput, exporters } from '../export/index.ts'
import { plural } from '../model/words.ts'
import { type Recording, readRecording } from '../recording/read.ts'
import type { Command, CommandContext } from './command.ts'

/** Writes one scenario of one trial of a recording as another tool would have written it. */
export const exportRecording: Command = {
  usage: 'llm-perf export DIR --format vllm [--trial ID] [--scenario NAME] [--out FILE]',
  summary: 'Writes a trial of a recording as a result file of another tool, for plots made for that tool.',
  operand: 'DIR',
  flags: {
    format: { type: 'string', required: true },
    trial: { type: 'string' },
    scenario: { type: 'string' },
    out: { type: 'string' },
  },
  async execute({ line, log, print }) {
    const format = line.text('format') ?? ''
    const exporter = Object.hasOwn(exporters, format) ? exporters[format] : undefined
    if (!exporter) throw unknown('format', format, Object.keys(exporters))
    const [directory = '', ...more] = line.operands
    if (more.length > 0) {
      throw new ActionError('usage', `${line.operands.length} folders were given.`, 'Export one recording at a time.')
    }
    const input = choose(await readRecording(directory), line)
    const { name, text } = exporter(input)
    const path = line.text('out') ?? join(process.cwd(), name)
    try {
      await writeFile(path, `${text}\n`)
    } catch (error) {
      throw new ActionError('usage', `${path} cannot be written (${messageOf(error)}).`, 'Give another --out FILE.')
    }
    log.info(`Trial ${input.trial.id}, scenario ${input.scenario.name}, ${plural(input.requests.length, 'request')}`)
    print(`${path}\n`)
    return 0
  },
}

/** What is meant; where there is only one, it need not be named. */
function choose({ run, requests }: Recording, line: CommandContext['line']): ExportInput {
  const trial = pick('trial', line.text('trial'), run.trials, ({ id }) => id)
  const measured = run.plan.scenarios.filter(({ name }) => trial.windows.some((window) => window.scenario === name))
  const scenario = pick('scenario', line.text('scenario'), measured, ({ name }) => name)
  const window = trial.windows.find((candidate) => candidate.scenario === scenario.name)
  const chosen = requests.filter((request) => request.trial === trial.id && request.scenario === scenario.name)
  if (!window || !chosen.some(({ outcome }) => outcome === 'ok')) {
    throw new ActionError(
      'invalid',
      `No request of "${scenario.name}" in trial ${trial.id} succeeded.`,
      'There is nothing to export. Choose another trial, or look at the findings in run.json.',
    )
  }
  return { run, trial, scenario, window, requests: chosen }
}

function pick<T>(what: string, wanted: string | undefined, all: readonly T[], nameOf: (one: T) => string): T {
  const [only] = all
  if (wanted === undefined && all.length === 1 && only !== undefined) return only
  const found = all.find((one) => nameOf(one) === wanted)
  if (found !== undefined) return found
  throw unknown(what, wanted, all.map(nameOf))
}

function unknown(what: string, wanted: string | undefined, known: readonly string[]): ActionError {
  const got = wanted === undefined ? `the recording has ${known.length}` : `got "${wanted}"`
  const allowed = known.length === 0 ? 'there is none' : `allowed: ${known.join(', ')}`
  return new ActionError('usage', `--${what}: ${got}; ${allowed}.`, `Name one with --${what}.`)
}
