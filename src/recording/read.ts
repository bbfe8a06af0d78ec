import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunFile } from '../model/recording.ts'
import type { RequestRecord } from '../model/request.ts'
import { readRequests } from './read-requests.ts'
import { checked, parseJson, refusal, unreadable } from './refusal.ts'
import { recordingSchemaName, runFileSchema } from './schema.ts'
import { requestsFileName, runFileName } from './write.ts'

/** A recording as read back: only requests of trials that count. */
export interface Recording {
  readonly run: RunFile
  readonly requests: readonly RequestRecord[]
}

/**
 * Reads one side's recording and refuses whatever it does not understand, naming file and line. Lines of a trial that
 * run.json does not list, and an unfinished last line, were in flight when the writer died and are left out.
 *
 * @throws ActionError `usage` for a missing, malformed or foreign file.
 */
export async function readRecording(directory: string): Promise<Recording> {
  const run = await readRunFile(join(directory, runFileName))
  return { run, requests: await readRequests(join(directory, requestsFileName), run) }
}

async function readRunFile(path: string): Promise<RunFile> {
  const where = () => path
  const value = parseJson(await readText(path), where)
  const schema = (value as { schema?: unknown } | null)?.schema
  if (schema !== recordingSchemaName) {
    throw refusal(
      `${path}: schema is ${JSON.stringify(schema) ?? 'missing'}; this version reads only "${recordingSchemaName}".`,
    )
  }
  const run = checked(runFileSchema, value, where)
  assertUnique(
    run.plan.scenarios.map((scenario) => scenario.name),
    'scenario',
    path,
  )
  assertUnique(
    run.trials.map((trial) => trial.id),
    'trial',
    path,
  )
  return run
}

function assertUnique(names: readonly string[], what: string, path: string): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw refusal(`${path}: the ${what} "${twice}" is listed twice.`)
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw unreadable(path, error)
  }
}
