import { readFileSync } from 'node:fs'

/**
 * The one result that a bench printed.
 *
 * @throws Error when it is the output of another bench, or was made by another version of it
 */
export function parseResult<T extends { readonly schema: string }>(text: string, schema: T['schema']): T {
  const value = JSON.parse(text) as T
  if (value.schema !== schema) throw new Error(`Expected schema ${schema}, got ${value.schema}.`)
  return value
}

/**
 * The results of a bench that prints a line each; other lines, such as those of npm, are passed over.
 *
 * @throws Error when there is none: a table of nothing would look like a bench that was never run
 */
export function readResultLines<T>(file: string): T[] {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
  if (lines.length === 0) throw new Error(`${file} holds no result: expected lines of JSON, as --json prints them.`)
  return lines.map((line) => JSON.parse(line) as T)
}
