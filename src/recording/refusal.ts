import type { z } from 'zod'
import { ActionError, messageOf } from '../errors.ts'

/** Where in a recording something stands: a file, or a file and a line. Only asked for when it is needed. */
type Place = () => string

/** The value as the schema knows it, or a refusal that names every problem and its place. */
export function checked<T>(schema: z.ZodType<T>, value: unknown, where: Place): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || 'the whole value'}: ${issue.message}`)
  throw refusal(`${where()}: ${problems.join('; ')}.`)
}

export function parseJson(text: string, where: Place): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw refusal(`${where()}: not JSON (${messageOf(error)}).`)
  }
}

export function unreadable(path: string, error: unknown): ActionError {
  return refusal(`${path}: cannot be read (${messageOf(error)}).`)
}

export function refusal(message: string): ActionError {
  return new ActionError(
    'usage',
    message,
    'Give a folder that was written by this version: run.json and requests.jsonl, unchanged. Measure again if it is damaged.',
  )
}
