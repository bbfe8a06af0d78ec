import { get } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { ActionError, messageOf } from '../errors.ts'

/** One look at a server that accepts a connection and then says nothing: loading may block it for long. */
const lookTimeoutMs = 5000

/** Often at first, so that a fast server's start-up time is exact; seldom later, so that waiting costs nothing. */
export function pollDelayMs(waitedMs: number): number {
  if (waitedMs < 2000) return 25
  return waitedMs < 10_000 ? 100 : 500
}

export interface ReadinessOptions {
  readonly port: number
  /** Null: the port only has to accept a connection. */
  readonly readyPath: string | null
  /** One real token; throws. An ActionError is final, anything else is tried again. */
  readonly probe: (signal: AbortSignal) => Promise<void>
  /** Fires when waiting is over; its reason is thrown. */
  readonly signal: AbortSignal
  /** Hears why the server is not ready yet, for the message of a timeout. */
  readonly onNotYet: (why: string) => void
}

/** Waits until the server answers its ready path with 200 and then makes one real token. */
export async function waitUntilReady(options: ReadinessOptions): Promise<void> {
  const { port, readyPath, signal } = options
  await retry(() => (readyPath === null ? openConnection(port, signal) : expectOk(port, readyPath, signal)), options)
  await retry(() => options.probe(signal), options)
}

async function retry(attempt: () => Promise<void>, { signal, onNotYet }: ReadinessOptions): Promise<void> {
  const startedMs = performance.now()
  for (;;) {
    signal.throwIfAborted()
    try {
      return await unlessAborted(attempt(), signal)
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof ActionError) throw error
      onNotYet(messageOf(error))
    }
    await sleep(pollDelayMs(performance.now() - startedMs), undefined, { signal }).catch(() => {})
  }
}

/** The attempt's outcome, or the signal's reason at once, even when the attempt does not heed the signal. */
async function unlessAborted(attempt: Promise<void>, signal: AbortSignal): Promise<void> {
  let stopListening = () => {}
  const aborted = new Promise<never>((_resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    stopListening = () => signal.removeEventListener('abort', onAbort)
  })
  try {
    await Promise.race([attempt, aborted])
  } finally {
    stopListening()
  }
}

function expectOk(port: number, path: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, path, agent: false, timeout: lookTimeoutMs, signal }, (response) => {
      response.resume()
      if (response.statusCode === 200) resolve()
      else reject(new Error(`GET ${path} answered ${response.statusCode}, not 200`))
    })
    request.on('timeout', () =>
      request.destroy(new Error(`GET ${path} gave no answer within ${lookTimeoutMs / 1000} s`)),
    )
    request.on('error', reject)
  })
}

function openConnection(port: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, signal, timeout: lookTimeoutMs })
    socket.once('connect', () => {
      socket.destroy()
      resolve()
    })
    socket.once('timeout', () => socket.destroy(new Error(`port ${port} did not accept a connection`)))
    socket.once('error', reject)
  })
}
