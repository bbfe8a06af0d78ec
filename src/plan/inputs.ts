import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getInput, setSecret } from '@actions/core'
import type { Shard } from '../model/shard.ts'
import { isInsideCheckout } from './inside-checkout.ts'
import { type ConfigOverrides, type Overridable, overridable, overridesFrom } from './overrides.ts'
import { type Problem, problemsError, renderValue } from './problems.ts'
import { folderOfShard, parseShard, shardForm } from './shard.ts'

export const modes = ['auto', 'pull-request', 'baseline', 'calibrate', 'plan', 'merge'] as const
export type Mode = (typeof modes)[number]

export const checkModes = ['auto', 'true', 'false'] as const
export type CheckMode = (typeof checkModes)[number]

/** What the workflow says, read once. */
export interface Inputs {
  /** Path of llm-perf.yml, relative to the root of the checkout. */
  readonly configPath: string
  readonly mode: Mode
  /** The part of the matrix that this job measures; null: all of it. */
  readonly shard: Shard | null
  readonly token: string
  /** Tells this gate's comment and recording from those of other gates of the repository. */
  readonly gateName: string
  /** Path of the baseline in the repository. */
  readonly baselinePath: string
  readonly comment: boolean
  /** Whether a check run of its own is written; `auto`: when the token may. */
  readonly check: CheckMode
  /** Absolute or relative folder of the recording and the report. */
  readonly out: string
  /** Absolute or relative folder with the recordings of all shards; null unless they are to be merged. */
  readonly recordings: string | null
  /** Inputs that stand for keys of llm-perf.yml. */
  readonly overrides: ConfigOverrides
}

/** Inputs of their own; the others are `overridable`. action.yml lists both, and a test keeps them equal. */
export const ownInputs = [
  'config',
  'mode',
  'shard',
  'token',
  'gate-name',
  'baseline-path',
  'comment',
  'check',
  'out',
  'recordings',
] as const
type OwnInput = (typeof ownInputs)[number]

/** What the reading of an input found wrong, collected so that all of it is said at once. */
type Report = (name: OwnInput, value: string, allowed: string) => void

/**
 * The inputs of the step. Those that stand for keys of llm-perf.yml are checked with the file, by `parseConfig`.
 *
 * @param env where RUNNER_TEMP is
 * @throws ActionError `usage` with all problems at once
 */
export function readInputs(env: NodeJS.ProcessEnv): Inputs {
  const problems: Problem[] = []
  const report: Report = (name, value, allowed) => {
    const seen = value === '' ? null : renderValue(value, [])
    problems.push({ where: `input \`${name}\``, line: 0, key: '', value: seen, allowed, message: '' })
  }
  const gateName = readGateName(report)
  const shard = readShard(report)
  const inputs: Inputs = {
    configPath: readRepositoryPath('config', report),
    mode: readMode(report),
    shard,
    token: readToken(report),
    gateName,
    baselinePath: readRepositoryPath('baseline-path', report),
    comment: readBoolean('comment', report),
    check: readCheckMode(report),
    out: getInput('out') || join(env.RUNNER_TEMP ?? tmpdir(), 'llm-perf-recording', folderOfShard(gateName, shard)),
    recordings: readRecordings(report),
    overrides: readOverrides(),
  }
  if (problems.length > 0) throw problemsError('The inputs of this step', problems)
  return inputs
}

function readMode(report: Report): Mode {
  const value = getInput('mode') || 'auto'
  const mode = modes.find((candidate) => candidate === value)
  if (!mode) report('mode', value, modes.join(', '))
  return mode ?? 'auto'
}

/** Refused where all shards meet: none of them is that job's own. */
function readShard(report: Report): Shard | null {
  const value = getInput('shard')
  if (value === '') return null
  const shard = parseShard(value)
  if (shard === null) report('shard', value, shardForm)
  else if (getInput('mode') === 'merge') report('shard', value, 'nothing with mode merge, which is for all shards')
  return shard
}

/** Needed where it is read, and refused where it would be ignored. */
function readRecordings(report: Report): string | null {
  const value = getInput('recordings')
  const isMerge = getInput('mode') === 'merge'
  if (isMerge && value === '')
    report('recordings', value, 'with mode merge, the folder with the recordings of all shards')
  if (!isMerge && value !== '') report('recordings', value, 'nothing, unless mode is merge')
  return value === '' ? null : value
}

/** The token is masked in the log here, since one from outside GitHub's secrets is not. */
function readToken(report: Report): string {
  const token = getInput('token')
  if (token === '') report('token', token, 'a token that can read the repository; left out, it is the token of the job')
  else setSecret(token)
  return token
}

function readGateName(report: Report): string {
  const value = getInput('gate-name') || 'default'
  const isName = /^[A-Za-z0-9._-]{1,60}$/.test(value) && !/^\.+$/.test(value)
  if (!isName) report('gate-name', value, 'a name of letters, digits, ".", "_" and "-", at most 60 long')
  return value
}

/** Forward slashes on every platform: the path is used with GitHub's API too. */
function readRepositoryPath(name: 'config' | 'baseline-path', report: Report): string {
  const defaults = { config: 'llm-perf.yml', 'baseline-path': '.github/llm-perf-baseline.json' }
  const value = getInput(name) || defaults[name]
  const path = value.replaceAll('\\', '/').replace(/^(\.\/)+/, '')
  if (!isInsideCheckout(path) || path.endsWith('/'))
    report(name, value, 'a relative path of a file inside the repository')
  return path
}

function readBoolean(name: 'comment', report: Report): boolean {
  const value = getInput(name) || 'true'
  if (!/^(true|false)$/i.test(value)) report(name, value, 'true or false')
  return value.toLowerCase() === 'true'
}

function readCheckMode(report: Report): CheckMode {
  const value = (getInput('check') || 'auto').toLowerCase()
  const mode = checkModes.find((candidate) => candidate === value)
  if (!mode) report('check', value, checkModes.join(', '))
  return mode ?? 'auto'
}

function readOverrides(): ConfigOverrides {
  const names = Object.keys(overridable) as Overridable[]
  return overridesFrom(Object.fromEntries(names.map((name) => [name, getInput(name)])), (name) => `input \`${name}\``)
}
