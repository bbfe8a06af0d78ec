import { startEngine } from './index.ts'
import { OptionsError, parseOptions } from './options.ts'

/** The compute library's own clean-up would hold up the exit; the system frees memory and sockets just as well. */
function stopOn(signal: NodeJS.Signals): void {
  process.once(signal, () => process.exit(0))
}

function explain(error: unknown): string {
  if (error instanceof OptionsError) return error.message
  const { code, message, stack } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE' || code === 'EACCES') return `The port cannot be opened: ${message}`
  return stack ?? String(error)
}

stopOn('SIGTERM')
stopOn('SIGINT')
try {
  const { port } = await startEngine(parseOptions(process.argv.slice(2)))
  process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`)
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exit(error instanceof OptionsError ? 2 : 1)
}
