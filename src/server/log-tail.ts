import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'

/** Lines of a server's log that go into an error. */
export const tailLines = 50
const tailBytes = 64 * 1024
const longestLine = 500

/**
 * Text that others wrote, made safe to print in a job's log: a runner takes `::name::` at the start of a line, and
 * `##[name]` anywhere in it, for a command. Each line gets a prefix, and `##[` is taken apart.
 */
export function quoteLog(text: string): string {
  return stripVTControlCharacters(text)
    .split(/\r\n|\r|\n/)
    .map((line) => `| ${line.slice(0, longestLine).replaceAll('##[', '# #[')}`)
    .join('\n')
}

/** The last lines of a log file, quoted; one line that says so when there is nothing to show. */
export function readTail(logFile: string, lines: number = tailLines): string {
  const text = readEnd(logFile).trimEnd()
  if (text === '') return '| (no output)'
  return quoteLog(
    text
      .split(/\r\n|\r|\n/)
      .slice(-lines)
      .join('\n'),
  )
}

function readEnd(file: string): string {
  try {
    const descriptor = openSync(file, 'r')
    try {
      const { size } = fstatSync(descriptor)
      const buffer = Buffer.alloc(Math.min(size, tailBytes))
      const length = readSync(descriptor, buffer, 0, buffer.length, size - buffer.length)
      return buffer.toString('utf8', 0, length)
    } finally {
      closeSync(descriptor)
    }
  } catch {
    return ''
  }
}
