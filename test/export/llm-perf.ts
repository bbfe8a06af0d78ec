import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Command } from '../../src/cli/command.ts'
import { parseCommandLine } from '../../src/cli/command-line.ts'
import { ActionError } from '../../src/errors.ts'
import { exitCodeOf } from '../../src/exit-codes.ts'
import { silentLog } from '../../src/log.ts'

const cli = join(import.meta.dirname, '..', '..', 'src', 'cli.ts')

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the terminal entry from its sources, in a process of its own. */
export function llmPerf(folder: string, ...args: readonly string[]): Promise<Ended> {
  return runEntry(cli, folder, args)
}

/** Runs a terminal entry, from sources or bundled, in a process of its own. */
export function runEntry(entry: string, folder: string, args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [entry, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (piece: Buffer) => {
    stdout += piece.toString()
  })
  child.stderr.on('data', (piece: Buffer) => {
    stderr += piece.toString()
  })
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })))
}

/** Runs one command in this process, as the entry does: where there are many cases, a process each takes minutes. */
export async function runCommand(command: Command, ...args: readonly string[]): Promise<Ended> {
  let stdout = ''
  const print = (text: string) => {
    stdout += text
  }
  try {
    const line = parseCommandLine(command, args)
    const code = await command.execute({ line, log: silentLog, signal: new AbortController().signal, print })
    return { code, stdout, stderr: '' }
  } catch (error) {
    if (!(error instanceof ActionError)) throw error
    return { code: exitCodeOf(error), stdout, stderr: `${error.message}\n${error.hint}` }
  }
}
