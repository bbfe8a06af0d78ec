import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname, isAbsolute, relative, resolve } from 'node:path'
import { ActionError, messageOf } from '../errors.ts'
import { childEnvironment } from './child-environment.ts'
import { type ChildExit, exitOf } from './child-exit.ts'

export interface LaunchOptions {
  /** A string runs in the system's shell; a list is started as it is. */
  readonly command: string | readonly string[]
  readonly root: string
  /** Relative to root. */
  readonly workingDirectory: string
  readonly env: Readonly<Record<string, string>>
  readonly marker: string
  /** Overwritten. Gets stdout and stderr. */
  readonly logFile: string
}

export interface Launched {
  readonly pid: number
  /** In the environment of all that this command starts. */
  readonly startId: string
  readonly exit: Promise<ChildExit>
}

/**
 * Starts a command as the leader of its own process group, with its output in a file. Nothing of ours is inherited:
 * as long as a child holds the standard output of an action, the runner keeps the step open.
 *
 * @throws ActionError `invalid` when the command cannot be started at all.
 */
export async function launch(options: LaunchOptions): Promise<Launched> {
  const cwd = resolveWorkingDirectory(options.root, options.workingDirectory)
  const isShell = typeof options.command === 'string'
  const [file = '', ...args] = typeof options.command === 'string' ? [options.command] : options.command
  const startId = randomUUID()
  mkdirSync(dirname(options.logFile), { recursive: true })
  const log = openSync(options.logFile, 'w')
  try {
    const child = spawn(file, args, {
      cwd,
      env: childEnvironment(process.env, options.env, { marker: options.marker, startId }),
      // Windows has no process groups, and a detached child would open a console there.
      detached: process.platform !== 'win32',
      stdio: ['ignore', log, log],
      shell: isShell,
      windowsHide: true,
    })
    const exit = exitOf(child, isShell)
    if (child.pid !== undefined) {
      child.on('error', () => {})
      return { pid: child.pid, startId, exit }
    }
    const failure = await new Promise((resolve) => child.once('error', resolve))
    throw cannotStart(file, failure)
  } catch (error) {
    throw error instanceof ActionError ? error : cannotStart(file, error)
  } finally {
    closeSync(log)
  }
}

function resolveWorkingDirectory(root: string, workingDirectory: string): string {
  const cwd = resolve(root, workingDirectory)
  const below = relative(root, cwd)
  if (below === '..' || below.startsWith(`..${process.platform === 'win32' ? '\\' : '/'}`) || isAbsolute(below)) {
    throw new ActionError(
      'usage',
      `server.working-directory: "${workingDirectory}" leads out of the checkout.`,
      'Name a folder inside the repository.',
    )
  }
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) {
    throw new ActionError(
      'invalid',
      `server.working-directory: "${workingDirectory}" is no folder in the checkout.`,
      'Both sides of the comparison need this folder: a path that only the new commit has cannot be compared.',
    )
  }
  return cwd
}

function cannotStart(file: string, cause: unknown): ActionError {
  return new ActionError(
    'invalid',
    `The command "${file}" could not be started: ${messageOf(cause)}.`,
    'Check that the program is installed on this runner and on the PATH of the job.',
    { cause },
  )
}
