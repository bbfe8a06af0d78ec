import { abortOnSignal } from '../cancel.ts'
import { ActionError, messageOf } from '../errors.ts'
import { exitCodeOf } from '../exit-codes.ts'
import { toolVersion } from '../version.ts'
import { calibrate } from './calibrate.ts'
import type { Command } from './command.ts'
import { parseCommandLine } from './command-line.ts'
import { compare } from './compare.ts'
import { exportRecording } from './export.ts'
import { importResults } from './import.ts'
import { judge } from './judge.ts'
import { plan } from './plan.ts'
import { referenceServer } from './reference-server.ts'
import { run } from './run.ts'
import { terminalLog } from './terminal-log.ts'

/** Every command by name, in the order of the help. */
const commands: Readonly<Record<string, Command>> = {
  run,
  compare,
  judge,
  calibrate,
  plan,
  'reference-server': referenceServer,
  import: importResults,
  export: exportRecording,
}

/** Runs one command line and returns its exit code. Results go to stdout, everything else to stderr. */
export async function runCli(argv: readonly string[]): Promise<number> {
  const [name = '', ...rest] = argv
  if (name === '--version') {
    console.log(toolVersion)
    return 0
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    console.log(helpText())
    return 0
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) {
    console.error(`${name === '' ? 'No command was given.' : `There is no command "${name}".`}\n\n${helpText()}`)
    return 2
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    console.log(`${command.usage}\n\n${command.summary}`)
    return 0
  }
  return await execute(command, rest)
}

async function execute(command: Command, args: readonly string[]): Promise<number> {
  const cancel = abortOnSignal()
  const log = terminalLog(process.stderr)
  try {
    const line = parseCommandLine(command, args)
    return await command.execute({ line, log, signal: cancel.signal, print: (text) => process.stdout.write(text) })
  } catch (thrown) {
    const error: unknown = cancel.signal.aborted ? cancel.signal.reason : thrown
    if (error instanceof ActionError) console.error(`${error.message}\n${error.hint}`)
    else console.error(error instanceof Error ? error.stack : messageOf(error))
    return exitCodeOf(error)
  } finally {
    log.end()
    cancel.dispose()
  }
}

function helpText(): string {
  const lines = Object.values(commands).map((command) => `  ${command.usage}\n      ${command.summary}`)
  return `llm-perf ${toolVersion}: did this change make our model server slower?\n\n${lines.join('\n')}\n
Exit codes: 0 pass, 1 regressed, 2 wrong usage or input, 3 invalid, 4 inconclusive, 130 cancelled.`
}
