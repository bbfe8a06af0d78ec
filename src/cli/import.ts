import { readFile, stat } from 'node:fs/promises'
import { ActionError, messageOf } from '../errors.ts'
import {
  describeRuns,
  type GivenPlan,
  type ImportedRun,
  type ResultFile,
  readResults,
  toRecording,
} from '../import/index.ts'
import { nameSchema } from '../model/scenario-schema.ts'
import { plural } from '../model/words.ts'
import { createRecording } from '../recording/write.ts'
import { toolVersion } from '../version.ts'
import type { Command, CommandContext } from './command.ts'
import { wholeNumber } from './local.ts'

/** Reads what other load generators measured, in our terms; with --out as a recording that `judge` reads. */
export const importResults: Command = {
  usage:
    'llm-perf import FILE... [--json] [--out DIR --runner NAME [--scenario NAME] [--prompt-tokens N] [--output-tokens N] [--concurrency N]]',
  summary:
    'Shows result files of vllm bench, SGLang, GuideLLM, AIPerf, inference-perf and llama-bench in our terms. With --out they become a recording of one side, a trial a file.',
  operand: 'FILE',
  flags: {
    json: { type: 'boolean' },
    out: { type: 'string' },
    runner: { type: 'string' },
    scenario: { type: 'string' },
    'prompt-tokens': { type: 'string' },
    'output-tokens': { type: 'string' },
    concurrency: { type: 'string' },
  },
  async execute(context) {
    const { line, log, print } = context
    const out = line.text('out')
    const given = readPlan(context)
    const runner = readName(context, 'runner')
    assertFlagsFit(context, out, runner)
    const runs = readResults(await Promise.all(line.operands.map(readResultFile)))
    if (out !== undefined && runner !== undefined) await writeRecording(runs, { out, runner, given })
    print(line.has('json') ? `${JSON.stringify(withoutRequests(runs))}\n` : describeRuns(runs))
    if (out !== undefined) log.info(`Recording of ${plural(runs.length, 'run')}: ${out}`)
    return 0
  },
}

interface Target {
  readonly out: string
  readonly runner: string
  readonly given: GivenPlan
}

async function writeRecording(runs: readonly ImportedRun[], { out, runner, given }: Target): Promise<void> {
  const { header, trials } = toRecording(runs, { runner, given, now: new Date(), toolVersion })
  const writer = await createRecording(out, header)
  for (const { trial, requests } of trials) await writer.append(trial, requests)
}

const recordingFlags = ['runner', 'scenario', 'prompt-tokens', 'output-tokens', 'concurrency'] as const

/** Which machine it was must be said: recordings of different machines must never be taken for two sides. */
function assertFlagsFit({ line }: CommandContext, out: string | undefined, runner: string | undefined): void {
  const idle = recordingFlags.filter((flag) => line.text(flag) !== undefined)
  if (out === undefined && idle.length > 0) {
    throw new ActionError(
      'usage',
      `--${idle[0]} only matters for a recording, and there is no --out.`,
      'Add --out DIR.',
    )
  }
  if (out !== undefined && runner === undefined) {
    throw new ActionError(
      'usage',
      '--runner is missing: the files do not tell on which machine they were measured.',
      'Give --runner NAME, the same name for both sides if it was the same machine.',
    )
  }
}

function readPlan(context: CommandContext): GivenPlan {
  return {
    scenario: readName(context, 'scenario'),
    promptTokens: wholeNumber(context, 'prompt-tokens', mostTokens),
    outputTokens: wholeNumber(context, 'output-tokens', mostTokens),
    concurrency: wholeNumber(context, 'concurrency', mostInFlight),
  }
}

const mostTokens = 10_000_000
const mostInFlight = 100_000

/** Names become parts of files and keys. */
function readName({ line }: CommandContext, flag: string): string | undefined {
  const name = line.text(flag)
  if (name === undefined || nameSchema.safeParse(name).success) return name
  throw new ActionError(
    'usage',
    `--${flag}: got "${name}"; allowed: letters, digits, ".", "_" and "-".`,
    `Give --${flag} gpu-1, for example.`,
  )
}

/** Node's longest text has about twice as many characters. */
const largestFileBytes = 256 * 1024 * 1024

async function readResultFile(path: string): Promise<ResultFile> {
  try {
    const { size } = await stat(path)
    if (size <= largestFileBytes) return { path, text: await readFile(path, 'utf8') }
  } catch (error) {
    throw new ActionError(
      'usage',
      `${path}: cannot be read (${messageOf(error)}).`,
      'Give files of one measurement each.',
    )
  }
  throw new ActionError(
    'usage',
    `${path}: it is larger than ${largestFileBytes / 1024 / 1024} MiB.`,
    'Import fewer requests at a time, or leave generated texts out of the file.',
  )
}

/** Thousands of requests are no output; --out keeps them. */
function withoutRequests(runs: readonly ImportedRun[]) {
  return runs.map(({ detail, ...run }) => ({ ...run, missing: 'missing' in detail ? detail.missing : null }))
}
