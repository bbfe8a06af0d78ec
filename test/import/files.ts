import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ActionError } from '../../src/errors.ts'
import type { ImportedMetric, ImportedRun, RequestDetail } from '../../src/import/imported.ts'
import { readResults } from '../../src/import/index.ts'

/** Text of a file that a real tool wrote. */
export function fixture(name: string): string {
  return readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8')
}

/** Reads one file of this content. */
export function read(content: unknown, path = 'results.json'): ImportedRun[] {
  return readResults([{ path, text: typeof content === 'string' ? content : JSON.stringify(content) }])
}

/** Reads one file that must hold exactly one run. */
export function readOne(content: unknown): ImportedRun {
  const [run, ...more] = read(content)
  if (!run || more.length > 0) throw new Error(`expected one run, got ${more.length + (run ? 1 : 0)}`)
  return run
}

/** The error with which a file is refused. */
export function refusal(content: unknown, path?: string): ActionError {
  try {
    read(content, path)
  } catch (error) {
    if (error instanceof ActionError) return error
    throw error
  }
  throw new Error('expected a refusal, but the file was read')
}

/** One number of a run; it must be there exactly once. */
export function figure({ metrics }: ImportedRun, metric: string, statistic: string): ImportedMetric {
  const found = metrics.filter((one) => one.metric === metric && one.statistic === statistic)
  const [only] = found
  if (only && found.length === 1) return only
  throw new Error(`${metric} ${statistic}: found ${found.length} times`)
}

/** A copy with some keys changed; undefined takes a key away. */
export function changed(value: object, changes: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ ...value, ...changes }).filter(([, entry]) => entry !== undefined))
}

/** The single requests of a file that holds one run. */
export function detailOf(content: unknown): RequestDetail {
  const { detail } = readOne(content)
  if ('missing' in detail) throw new Error(`expected requests: ${detail.missing}`)
  return detail
}

/** Why a file holds no single requests. */
export function missingOf(content: unknown): string {
  const { detail } = readOne(content)
  return 'missing' in detail ? detail.missing : 'nothing'
}
