import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { type WindowOwner, windowOfRunner, windowWithin } from '../baseline/index.ts'
import { ActionError } from '../errors.ts'
import type { TrialRun } from '../measure/run.ts'
import { startTrials, type Trials } from '../measure/start-trials.ts'
import type { BaselineWindow } from '../model/baseline.ts'
import type { Config } from '../model/config.ts'
import type { RunnerClass } from '../model/runner-class.ts'
import type { Scenario } from '../model/scenario.ts'
import type { Shard } from '../model/shard.ts'
import {
  configOfShard,
  folderOfShard,
  noOverrides,
  parseShard,
  promptReader,
  readConfig,
  shardForm,
} from '../plan/index.ts'
import { readOrNull } from '../read-or-null.ts'
import { Session } from '../session.ts'
import { readRunnerClass } from '../telemetry/index.ts'
import type { CommandContext, CommandLine } from './command.ts'

/** What a measuring command works with: the checkout it is started in, its configuration, and this machine. */
export interface LocalRun {
  readonly directory: string
  readonly configPath: string
  readonly config: Config
  /** Every scenario of the configuration, whatever part of them is measured. */
  readonly matrix: readonly Scenario[]
  readonly runnerClass: RunnerClass
  readonly session: Session
  /** Folder of the recording, absolute. */
  readonly out: string
}

/** The configuration of the checkout that the command is started in; with --shard, that shard's part of it. */
export function readLocalConfig(line: CommandLine): Pick<LocalRun, 'directory' | 'configPath' | 'config' | 'matrix'> {
  const directory = process.cwd()
  const configPath = line.text('config') ?? 'llm-perf.yml'
  const { config } = readConfig({
    path: resolve(directory, configPath),
    fileName: configPath,
    overrides: noOverrides,
    readFile: readOrNull,
    readPrompts: promptReader(directory),
  })
  const matrix = config.load.scenarios
  return { directory, configPath, config: configOfShard(config, readShard(line)), matrix }
}

function readShard(line: CommandLine): Shard | null {
  const text = line.text('shard')
  const shard = text === undefined ? null : parseShard(text)
  if (text === undefined || shard !== null) return shard
  throw new ActionError('usage', `--shard: got "${text}"; allowed: ${shardForm}.`, 'Leave it out for the whole matrix.')
}

/** Opens a run in the current directory, and takes everything away again whatever becomes of `body`. */
export async function withLocalRun<T>(context: CommandContext, body: (run: LocalRun) => Promise<T>): Promise<T> {
  const local = readLocalConfig(context.line)
  const { directory, config } = local
  const runnerClass = await readRunnerClass()
  const session = await Session.open({
    temp: tmpdir(),
    repository: directory,
    signal: context.signal,
    persist: () => {},
  })
  try {
    const out = resolve(
      directory,
      context.line.text('out') ?? folderOfShard('llm-perf-recording', config.gate.shard ?? null),
    )
    return await body({ ...local, runnerClass, session, out })
  } finally {
    for (const sentence of await session.close()) context.log.warning(sentence)
  }
}

/** A run of trials on this machine. */
export function startLocal(
  { config, session, runnerClass, out }: LocalRun,
  { log }: CommandContext,
  trials: Pick<Trials, 'window' | 'locate'> & Partial<Pick<Trials, 'accepted' | 'notes'>>,
): TrialRun {
  return startTrials({ load: config.load, policy: config.gate, session, runnerClass, out, notes: [], log, ...trials })
}

/**
 * The window of a runner, or of a shard there, in a local baseline file; null when there is no file name. Of a shard's
 * window, what the shard measures now: what it measured once may be another shard's since.
 *
 * @throws ActionError `usage` without such a file, `invalid` when it knows only other machines
 */
export function readWindow(
  path: string | undefined,
  owner: WindowOwner,
  scenarios: readonly Scenario[],
): BaselineWindow | null {
  if (path === undefined) return null
  const text = readOrNull(path)
  if (text === null) {
    throw new ActionError(
      'usage',
      `--baseline: there is no file ${path}.`,
      'Make one with llm-perf calibrate --baseline FILE.',
    )
  }
  const hint =
    'Give the baseline that this machine made (llm-perf calibrate --baseline FILE), or leave --baseline out: pairs alone then decide.'
  const window = windowOfRunner(text, path, owner, hint)
  return window && owner.shard ? windowWithin(window, scenarios) : window
}

/** Reads a whole number from a flag. */
export function wholeNumber(context: CommandContext, name: string, most: number): number | undefined {
  const text = context.line.text(name)
  if (text === undefined) return undefined
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1 && value <= most) return value
  throw new ActionError(
    'usage',
    `--${name}: got "${text}"; allowed: a whole number from 1 to ${most}.`,
    `Give --${name} 3, for example.`,
  )
}
