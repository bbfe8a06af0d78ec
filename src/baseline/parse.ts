import type { z } from 'zod'
import { ActionError, messageOf } from '../errors.ts'
import type { BaselineFile } from '../model/baseline.ts'
import { findDuplicateKey } from './duplicate-key.ts'
import { baselineSchema, baselineSchemaVersion } from './schema.ts'

/** Problems named in one message; a file broken in a thousand places needs no thousand lines. */
const problemsShown = 5

const restoreHint =
  'Restore the last good version of the baseline file from the history of the default branch, or delete it there and ' +
  'run the action with `mode: calibrate` on the default branch to write a new one.'

/**
 * Reads the baseline file. Whatever is not a complete, sound baseline of this schema version is refused: a baseline
 * that cannot be read must never look like "no baseline".
 *
 * @throws ActionError `invalid`, naming where the file is broken, the value seen and what to do.
 */
export function parseBaseline(text: string): BaselineFile {
  const data = parseJson(text)
  assertSchemaVersion(data)
  return assertBaseline(data)
}

/**
 * The file at a path as it was found there: null stays null, a refusal names the path.
 *
 * @throws ActionError `invalid`
 */
export function parseBaselineAt(path: string, text: string | null): BaselineFile | null {
  if (text === null) return null
  try {
    return parseBaseline(text)
  } catch (error) {
    if (!(error instanceof ActionError)) throw error
    throw new ActionError(error.code, `${path}: ${error.message}`, error.hint, { cause: error })
  }
}

/**
 * The same checks for a baseline in memory, so that nothing is written that could not be read again (JSON.stringify
 * would turn NaN into null without a word). Keys come out in the order of the schema.
 */
export function assertBaseline(data: unknown): BaselineFile {
  const result = baselineSchema.safeParse(data, { reportInput: true })
  if (result.success) return result.data
  const issues = result.error.issues
  const shown = issues.slice(0, problemsShown).map(describeIssue)
  const more = issues.length > shown.length ? [`and ${issues.length - shown.length} more`] : []
  throw new ActionError('invalid', `The baseline file is broken: ${[...shown, ...more].join('; ')}.`, restoreHint)
}

function parseJson(text: string): unknown {
  if (text.trim() === '') throw new ActionError('invalid', 'The baseline file is empty.', restoreHint)
  const conflict = /^(<{7}|>{7}) ?.*$/m.exec(text)
  if (conflict) {
    throw new ActionError('invalid', `The baseline file holds a merge conflict marker: ${conflict[0]}`, restoreHint)
  }
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    const message = `The baseline file is not JSON, or is cut short: ${messageOf(error)}.`
    throw new ActionError('invalid', message, restoreHint, { cause: error })
  }
  const duplicate = findDuplicateKey(text)
  if (duplicate === null) return data
  throw new ActionError('invalid', `The baseline file has the key "${duplicate}" twice in one object.`, restoreHint)
}

function assertSchemaVersion(data: unknown): void {
  const schema = typeof data === 'object' && data !== null && 'schema' in data ? data.schema : undefined
  const version = /^llm-perf-baseline\/(\d+)$/.exec(String(schema))?.[1]
  if (version === undefined) {
    const seen = schema === undefined ? 'no `schema`' : `schema ${shorten(schema)}`
    const message = `This is not a baseline file: it has ${seen}, expected "llm-perf-baseline/${baselineSchemaVersion}".`
    throw new ActionError('invalid', message, restoreHint)
  }
  const number = Number(version)
  if (number === baselineSchemaVersion) return
  const isNewer = number > baselineSchemaVersion
  throw new ActionError(
    'invalid',
    `The baseline file has schema version ${version}, which is ${isNewer ? 'newer' : 'older'} than version ` +
      `${baselineSchemaVersion} that this llm-perf-action reads.`,
    isNewer
      ? 'Update llm-perf-action in the workflow to the version that wrote the baseline.'
      : 'Run the action with `mode: calibrate` on the default branch to write a new baseline.',
  )
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const where = issue.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')
  const seen = issue.code === 'unrecognized_keys' ? '' : `, saw ${shorten(issue.input)}`
  return `${where.replace(/^\./, '') || 'the file'}: ${issue.message}${seen}`
}

function shorten(value: unknown): string {
  const json = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value))
  return json.length > 80 ? `${json.slice(0, 79)}…` : json
}
