import { ActionError } from '../errors.ts'
import type { ServerConfig } from '../model/config.ts'
import { fillPort } from './child-environment.ts'
import { type ChildExit, describeExit } from './child-exit.ts'
import { type Launched, launch } from './launch.ts'
import { readTail, tailLines } from './log-tail.ts'
import type { OwnedProcess } from './owned.ts'
import { assertPortFree, chooseFreePort } from './port.ts'
import { startTimeOf } from './processes.ts'
import { waitUntilReady } from './readiness.ts'
import { createStop, describeRunning, originOf, type RunningServer } from './running-server.ts'
import { assertNotCancelled, cancelledError } from './waiting.ts'

export interface StartOptions {
  readonly config: ServerConfig
  /** Root of this side's checkout. */
  readonly root: string
  /** Overwritten with the server's output. */
  readonly logFile: string
  /** LLM_PERF_RUN_ID in the environment of all that the server starts. */
  readonly marker: string
  /** One real token; throws. An ActionError is final, anything else is tried again until the timeout. */
  readonly probe: (origin: string, signal: AbortSignal) => Promise<void>
  readonly signal: AbortSignal
  /** Called as soon as there is a process, so that it is cleaned up whatever happens next. */
  readonly onSpawn: (owned: OwnedProcess) => void
  readonly log: (line: string) => void
}

const starting = 'the server was starting'

/**
 * Starts the server and returns once it has made one real token. On any failure nothing of it is left running.
 *
 * @throws ActionError `usage` when the port is taken; `invalid` when the server exits, or is not ready in time, with
 * the end of its log; `cancelled` when the signal fires.
 */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const { config, logFile, signal } = options
  assertNotCancelled(signal, starting)
  if (config.port !== 0) await assertPortFree(config.port)
  const port = config.port === 0 ? await chooseFreePort() : config.port
  assertNotCancelled(signal, starting)
  const spawnedMs = performance.now()
  const launched = await launch({
    command: fillCommand(config.command, port),
    root: options.root,
    workingDirectory: config.workingDirectory,
    env: Object.fromEntries(Object.entries(config.env).map(([name, value]) => [name, fillPort(value, port)])),
    marker: options.marker,
    logFile,
  })
  const graceMs = config.stopGraceSeconds * 1000
  try {
    options.onSpawn({ pid: launched.pid, marker: options.marker, startedAt: startTimeOf(launched.pid) })
    await becomeReady(launched, port, spawnedMs, options)
  } catch (error) {
    await createStop(launched, port, graceMs)({ hurry: signal.aborted })
    throw error
  }
  const startupMs = performance.now() - spawnedMs
  options.log(`Server ready on port ${port} after ${(startupMs / 1000).toFixed(1)} s.`)
  return describeRunning(launched, { port, logFile, startupMs, graceMs })
}

function fillCommand(command: ServerConfig['command'], port: number): string | readonly string[] {
  return typeof command === 'string' ? fillPort(command, port) : command.map((part) => fillPort(part, port))
}

async function becomeReady(launched: Launched, port: number, spawnedMs: number, options: StartOptions): Promise<void> {
  const { config, logFile, signal } = options
  const over = new AbortController()
  let lastReason = 'it was never reached'
  const timer = setTimeout(
    () => over.abort(notReadyError(config, port, lastReason, logFile)),
    config.readyTimeoutSeconds * 1000,
  )
  const onCancel = () => over.abort(cancelledError(signal, starting))
  signal.addEventListener('abort', onCancel, { once: true })
  void launched.exit.then((exit) => over.abort(diedError(exit, performance.now() - spawnedMs, logFile)))
  try {
    await waitUntilReady({
      port,
      readyPath: config.readyPath,
      probe: (probeSignal) => options.probe(originOf(port), probeSignal),
      signal: over.signal,
      onNotYet: (why) => {
        lastReason = why
      },
    })
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onCancel)
  }
}

function diedError(exit: ChildExit, afterMs: number, logFile: string): ActionError {
  const background =
    exit.exitCode === 0 ? 'The command must stay in the foreground for as long as the server runs. ' : ''
  return new ActionError(
    'invalid',
    `The server ${describeExit(exit)} after ${(afterMs / 1000).toFixed(1)} s, before it was ready.`,
    `${background}${lastLines(logFile)}`,
  )
}

function notReadyError(config: ServerConfig, port: number, lastReason: string, logFile: string): ActionError {
  return new ActionError(
    'invalid',
    `The server was not ready within ${config.readyTimeoutSeconds} s on 127.0.0.1:${port}; last: ${lastReason}.`,
    `Check that it listens on that port (pass {{port}} on) and that server.ready.path is right, or raise server.ready.timeout-seconds. ${lastLines(logFile)}`,
  )
}

function lastLines(logFile: string): string {
  return `Its last ${tailLines} lines:\n${readTail(logFile)}`
}
