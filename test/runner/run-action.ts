import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * A stand-in for GitHub's runner: starts the bundle as the runner does (environment, event file, command files), keeps
 * what it wrote, and runs the post step with the state that the main step saved.
 */
export interface ActionStep {
  /** `dist/index.js` of the action. */
  readonly bundle: string
  /** Folder of the checked-out repository. */
  readonly workspace: string
  /** The runner's folder for temporary and command files; created. */
  readonly temp: string
  readonly eventName: string
  readonly event: unknown
  readonly inputs: Readonly<Record<string, string>>
  readonly environment: Readonly<Record<string, string>>
  /** Called with every piece of stdout and stderr. */
  readonly onOutput?: (text: string) => void
}

export interface StepResult {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  readonly outputs: Readonly<Record<string, string>>
  readonly state: Readonly<Record<string, string>>
  readonly summary: string
  readonly seconds: number
}

export interface StartedStep {
  readonly child: ChildProcess
  readonly trackingId: string
  readonly done: Promise<StepResult>
}

/** Starts the main step. */
export function startMain(step: ActionStep): StartedStep {
  return start(step, {})
}

/** Starts the post step, whose bundle lies below main's, with the state that `main` saved. */
export function startPost(step: ActionStep, main: StepResult): StartedStep {
  const state = Object.entries(main.state).map(([key, value]) => [`STATE_${key}`, value])
  return start({ ...step, bundle: join(dirname(step.bundle), 'post', 'index.js') }, Object.fromEntries(state))
}

/** Main, then post, as in a job that is not cancelled. */
export async function runJob(step: ActionStep): Promise<{ main: StepResult; post: StepResult }> {
  const main = await startMain(step).done
  const post = await startPost(step, main).done
  return { main, post }
}

function start(step: ActionStep, state: Readonly<Record<string, string>>): StartedStep {
  mkdirSync(step.temp, { recursive: true })
  const files = commandFiles(mkdtempSync(join(step.temp, 'step-')))
  const eventPath = join(files.folder, 'event.json')
  writeFileSync(eventPath, JSON.stringify(step.event))
  const trackingId = `github_${randomUUID()}`
  const startedMs = performance.now()
  const child = spawn(process.execPath, [step.bundle], {
    cwd: step.workspace,
    env: {
      ...systemEnvironment(),
      ...files.environment,
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: step.eventName,
      GITHUB_EVENT_PATH: eventPath,
      GITHUB_WORKSPACE: step.workspace,
      RUNNER_TEMP: step.temp,
      RUNNER_OS: 'Linux',
      RUNNER_TRACKING_ID: trackingId,
      ...step.environment,
      ...inputEnvironment(step.inputs),
      ...state,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return { child, trackingId, done: collect(child, files, startedMs, step.onOutput) }
}

/** INPUT_<NAME>: upper case, spaces to underscores, hyphens kept. */
function inputEnvironment(inputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
  )
}

/** What a runner's service hands down: no GITHUB_*, INPUT_* or npm_* of whoever started us. */
function systemEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && !/^(GITHUB_|INPUT_|STATE_|RUNNER_|ACTIONS_|npm_|VITEST)/.test(name),
  )
  return Object.fromEntries(kept) as Record<string, string>
}

interface CommandFiles {
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
}

function commandFiles(folder: string): CommandFiles {
  const environment: Record<string, string> = {}
  for (const name of ['OUTPUT', 'STATE', 'ENV', 'PATH', 'STEP_SUMMARY']) {
    const path = join(folder, name.toLowerCase())
    writeFileSync(path, '')
    environment[`GITHUB_${name}`] = path
  }
  return { folder, environment }
}

function collect(
  child: ChildProcess,
  files: CommandFiles,
  startedMs: number,
  onOutput?: (text: string) => void,
): Promise<StepResult> {
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    onOutput?.(text)
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    onOutput?.(text)
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode, signal) =>
      resolve({
        exitCode,
        signal,
        stdout,
        stderr,
        outputs: readKeyValueFile(join(files.folder, 'output')),
        state: readKeyValueFile(join(files.folder, 'state')),
        summary: readFileSync(join(files.folder, 'step_summary'), 'utf8'),
        seconds: (performance.now() - startedMs) / 1000,
      }),
    )
  })
}

/** The runner's file format: `key=value`, or `key<<delimiter`, lines, `delimiter`. A key given twice keeps the last. */
function readKeyValueFile(path: string): Record<string, string> {
  const result: Record<string, string> = {}
  const lines = readFileSync(path, 'utf8').split('\n')
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? ''
    const heredoc = /^(?<key>[^=<]+)<<(?<delimiter>.+)$/.exec(line)?.groups
    if (heredoc?.key && heredoc.delimiter) {
      const end = lines.indexOf(heredoc.delimiter, index + 1)
      result[heredoc.key] = lines.slice(index + 1, end).join('\n')
      index = end
    } else if (line.includes('=')) {
      result[line.slice(0, line.indexOf('='))] = line.slice(line.indexOf('=') + 1)
    }
  }
  return result
}
