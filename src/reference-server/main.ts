import { parseArgs } from 'node:util'
import { messageOf } from '../errors.ts'
import { parseReferenceFlags, referenceFlags } from './options.ts'
import { serveReference } from './serve.ts'

/**
 * The reference server as a program of its own: small, so that it starts in a moment before a measurement. It ends on
 * SIGTERM and SIGINT. With `--end-with-stdin` it also ends with its standard input, so that it never outlives the
 * process that holds the other end.
 */
const lifeLine = 'end-with-stdin'
const end = new AbortController()
process.once('SIGTERM', () => end.abort())
process.once('SIGINT', () => end.abort())

try {
  const options = Object.fromEntries(referenceFlags.map((flag) => [flag, { type: 'string' as const }]))
  const { values } = parseArgs({ options: { ...options, [lifeLine]: { type: 'boolean' } } })
  if (values[lifeLine]) {
    process.stdin.on('end', () => end.abort()).on('error', () => end.abort())
    process.stdin.resume()
  }
  const flags = parseReferenceFlags((flag) => (values as Record<string, string | undefined>)[flag])
  await serveReference(flags, end.signal, (text) => process.stdout.write(text))
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 2
} finally {
  process.stdin.destroy()
}
