import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** One step of an installation. */
export interface Step {
  readonly name: string
  /** All that decides the outcome: with another recipe the step is done again. */
  readonly recipe: unknown
}

/** True when a step was completed with this very recipe. */
export function isDone(folder: string, step: Step): boolean {
  return existsSync(stampOf(folder, step))
}

/** Does a step unless it is done; a step that was interrupted starts over. Its stamp is written last. */
export async function doOnce(folder: string, step: Step, body: () => Promise<void>): Promise<void> {
  if (isDone(folder, step)) return
  mkdirSync(folder, { recursive: true })
  // Progress, not a result: what a bench prints as JSON stays that.
  console.error(`${step.name} ...`)
  const startedMs = performance.now()
  await body()
  writeFileSync(stampOf(folder, step), `${JSON.stringify(step.recipe, null, 2)}\n`)
  console.error(`${step.name}: ${Math.round((performance.now() - startedMs) / 1000)} s`)
}

function stampOf(folder: string, { name, recipe }: Step): string {
  const hash = createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 12)
  return join(folder, `${name.replace(/\W+/g, '-')}-${hash}.done`)
}

/**
 * Runs a program with its output in `<folder>/install.log`.
 * @throws Error with the end of the log when it fails
 */
export async function runProgram(
  folder: string,
  command: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const logFile = join(folder, 'install.log')
  mkdirSync(folder, { recursive: true })
  const log = openSync(logFile, 'w')
  try {
    const [file, ...args] = command
    const child = spawn(file, args, { cwd: folder, env: { ...process.env, ...env }, stdio: ['ignore', log, log] })
    const ending = await new Promise<string | null>((resolve) => {
      child.once('error', (error) => resolve(error.message))
      child.once('exit', (code, signal) => resolve(code === 0 ? null : `exit code ${code ?? signal}`))
    })
    if (ending === null) return
    const tail = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-20).join('\n')
    throw new Error(`"${command.join(' ')}" failed: ${ending}. The end of ${logFile}:\n${tail}`)
  } finally {
    closeSync(log)
  }
}
