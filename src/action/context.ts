import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { connectGitHub, type GitHub } from '../github/index.ts'
import type { Log } from '../log.ts'
import type { Config } from '../model/config.ts'
import type { RunnerClass } from '../model/runner-class.ts'
import type { Scenario } from '../model/scenario.ts'
import { configOfShard, type Inputs, percentileNotes, promptReader, type RunEvent, readConfig } from '../plan/index.ts'
import { readOrNull } from '../read-or-null.ts'
import { reportFileName } from '../recording/judged-report.ts'
import { Session } from '../session.ts'
import { readRunnerClass } from '../telemetry/index.ts'
import { saveFootprint } from './state.ts'

/** Everything a job of the action works with, gathered and validated before any server is started. */
export interface JobContext {
  readonly inputs: Inputs
  readonly event: RunEvent
  /** The configuration of the checked-out commit, as far as this job measures and judges it: a shard's part of it. */
  readonly config: Config
  /** Every scenario of that commit, whatever part of them is this job's. */
  readonly matrix: readonly Scenario[]
  /** Text of the configuration file; null: inputs say it all. */
  readonly configText: string | null
  readonly github: GitHub
  readonly session: Session
  readonly runnerClass: RunnerClass
  /** Folder of recording and report, absolute. */
  readonly out: string
  readonly startedMs: number
  readonly log: Log
}

export interface JobParts {
  readonly inputs: Inputs
  readonly event: RunEvent
  readonly signal: AbortSignal
  readonly startedMs: number
  readonly log: Log
}

/** @throws ActionError `usage` for a wrong configuration, with all problems at once. */
export async function gatherContext({ inputs, event, signal, startedMs, log }: JobParts): Promise<JobContext> {
  const { config: whole, text } = readConfig({
    path: join(event.workspace, inputs.configPath),
    fileName: inputs.configPath,
    overrides: inputs.overrides,
    readFile: readOrNull,
    readPrompts: promptReader(event.workspace),
  })
  const config = configOfShard(whole, inputs.shard)
  for (const note of percentileNotes(config.load.scenarios)) log.info(note)
  const github = connectGitHub(inputs.token, `${event.owner}/${event.repo}`, { log: log.info })
  const runnerClass = await readRunnerClass()
  log.info(`Runner class: ${runnerClass.id} (${runnerClass.gpu?.name ?? 'no GPU'}, ${runnerClass.cpu}).`)
  const out = resolve(event.workspace, inputs.out)
  // An earlier run's recording must not be taken for this one's. A merge records nothing, and may find some there.
  const own = inputs.mode === 'merge' ? [reportFileName] : ['base', 'head', reportFileName]
  await Promise.all(own.map((name) => rm(join(out, name), { recursive: true, force: true })))
  await mkdir(out, { recursive: true })
  const session = await Session.open({
    temp: event.temp,
    repository: event.workspace,
    signal,
    persist: saveFootprint,
  })
  const matrix = whole.load.scenarios
  return { inputs, event, config, matrix, configText: text, github, session, runnerClass, out, startedMs, log }
}
