import { messageOf } from '../errors.ts'
import type { Connection } from './types.ts'

/** Tries of a read that met a server error or a broken connection. */
const readTries = 3
const firstWaitMs = 1_000
/** Longest wait for a rate limit; the job holds a GPU machine meanwhile. */
const longestWaitMs = 60_000
/** Rate-limit waits in one request before giving up. */
const limitWaits = 2

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })

/**
 * The HTTP status of a failed request. Octokit reports a refused or reset connection as 500, so 500 and above means
 * that nobody knows whether the request was carried out.
 */
export function statusOf(error: unknown): number | null {
  return typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number'
    ? error.status
    : null
}

/** True when a write may have happened although it failed: a server error, a broken connection. */
export function isUnanswered(error: unknown): boolean {
  return (statusOf(error) ?? 0) >= 500
}

/**
 * A request that changes nothing: repeated after server errors and broken connections, and after a rate limit that
 * ends soon. All else is thrown at once.
 */
export async function read<T>(connection: Connection, what: string, request: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await waitOutLimits(connection, what, request)
    } catch (error) {
      if (attempt >= readTries || !isUnanswered(error)) throw error
      connection.log(`GitHub did not answer (${what}: ${messageOf(error)}); trying again.`)
      await connection.wait(firstWaitMs * 2 ** (attempt - 1))
    }
  }
}

/**
 * A request that changes something: repeated only after a rate limit, which GitHub answers before it does anything.
 * After a server error the caller must look whether the write happened.
 */
export async function write<T>(connection: Connection, what: string, request: () => Promise<T>): Promise<T> {
  return await waitOutLimits(connection, what, request)
}

async function waitOutLimits<T>(connection: Connection, what: string, request: () => Promise<T>): Promise<T> {
  for (let waited = 0; ; waited += 1) {
    try {
      return await request()
    } catch (error) {
      const waitMs = limitWaitMs(error)
      if (waitMs === null || waitMs > longestWaitMs || waited >= limitWaits) throw error
      connection.log(`GitHub asks to slow down (${what}); waiting ${Math.ceil(waitMs / 1_000)} s.`)
      await connection.wait(waitMs)
    }
  }
}

/**
 * How long GitHub asks to wait, or null when this is no rate limit: `retry-after`, else the reset of an empty primary
 * limit, else a minute for a secondary limit.
 *
 * @see https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api
 */
function limitWaitMs(error: unknown): number | null {
  const status = statusOf(error)
  if (status !== 403 && status !== 429) return null
  const retryAfter = Number(header(error, 'retry-after') ?? Number.NaN)
  if (Number.isFinite(retryAfter)) return Math.max(0, retryAfter) * 1_000
  const reset = Number(header(error, 'x-ratelimit-reset') ?? Number.NaN)
  if (header(error, 'x-ratelimit-remaining') === '0' && Number.isFinite(reset)) {
    return Math.max(1_000, reset * 1_000 - Date.now())
  }
  return status === 429 || /secondary rate limit/i.test(messageOf(error)) ? longestWaitMs : null
}

function header(error: unknown, name: string): string | undefined {
  const { response } = error as { response?: { headers?: Record<string, string | number | undefined> } }
  const value = response?.headers?.[name]
  return value === undefined ? undefined : String(value)
}
