import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import { ActionError, messageOf } from '../errors.ts'
import type { RunFile } from '../model/recording.ts'
import type { RequestRecord } from '../model/request.ts'
import { recordingSchemaName, requestRecordSchema, runFileSchema } from './schema.ts'
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
  const run = parseRunFile(await readText(directory, runFileName), join(directory, runFileName))
  const requestsPath = join(directory, requestsFileName)
  const counted = new Set(run.trials.map((trial) => trial.id))
  const requests = parseRequestLines(await readText(directory, requestsFileName), requestsPath)
  return { run, requests: requests.filter((request) => counted.has(request.trial)) }
}

function parseRunFile(text: string, path: string): RunFile {
  const value = parseJson(text, path)
  const schema = (value as { schema?: unknown } | null)?.schema
  if (schema !== recordingSchemaName) {
    throw refusal(
      `${path}: schema is ${JSON.stringify(schema) ?? 'missing'}; this version reads only "${recordingSchemaName}".`,
    )
  }
  const run = check(runFileSchema, value, path)
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

function parseRequestLines(text: string, path: string): RequestRecord[] {
  const lines = text.split('\n')
  const unfinished = lines.pop() ?? ''
  const parsed = lines.map((line, index) =>
    check(requestRecordSchema, parseJson(line, `${path}:${index + 1}`), `${path}:${index + 1}`),
  )
  const last = requestRecordSchema.safeParse(tryJson(unfinished))
  return last.success ? [...parsed, last.data] : parsed
}

function check<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || 'the whole value'}: ${issue.message}`)
  throw refusal(`${where}: ${problems.join('; ')}.`)
}

function assertUnique(names: readonly string[], what: string, path: string): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw refusal(`${path}: the ${what} "${twice}" is listed twice.`)
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw refusal(`${where}: not JSON (${messageOf(error)}).`)
  }
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function readText(directory: string, file: string): Promise<string> {
  try {
    return await readFile(join(directory, file), 'utf8')
  } catch (error) {
    throw refusal(`${join(directory, file)}: cannot be read (${messageOf(error)}).`)
  }
}

function refusal(message: string): ActionError {
  return new ActionError(
    'usage',
    message,
    'Give a folder that was written by this version: run.json and requests.jsonl, unchanged. Measure again if it is damaged.',
  )
}
