import type { Log } from '../log.ts'

/** A flag of a command. */
export interface Flag {
  readonly type: 'string' | 'boolean'
  /** The command cannot run without it. */
  readonly required?: boolean
}

/** The flags that were given, checked against the command's own. */
export interface CommandLine {
  text(name: string): string | undefined
  has(name: string): boolean
  /** What stands there without a flag, such as file names. */
  readonly operands: readonly string[]
}

export interface CommandContext {
  readonly line: CommandLine
  readonly log: Log
  readonly signal: AbortSignal
  /** Writes a result to stdout. */
  readonly print: (text: string) => void
}

/** One command of the terminal entry. */
export interface Command {
  readonly usage: string
  readonly summary: string
  readonly flags: Readonly<Record<string, Flag>>
  /** What must stand there without a flag, at least once: `FILE`. Left out: nothing may. */
  readonly operand?: string
  /** Returns the exit code. */
  execute(context: CommandContext): Promise<number>
}
