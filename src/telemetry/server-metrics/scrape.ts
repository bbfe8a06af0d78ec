import { request } from 'undici'
import { type Counters, readCounters } from './counters.ts'

/** A look at counters takes milliseconds; a server that needs longer is not worth waiting for. */
const deadlineMs = 2000
/** vLLM's answer is some hundred KiB. */
const largestBytes = 8 * 1024 * 1024

/** GET /metrics as counters; null for whatever else comes back, or does not come in time. Never throws. */
export async function scrapeCounters(origin: string, cancelled: AbortSignal): Promise<Counters | null> {
  // One deadline over headers and body.
  const signal = AbortSignal.any([cancelled, AbortSignal.timeout(deadlineMs)])
  try {
    // A connection of its own: one that is kept open would be one more idle socket at the server under test.
    const { statusCode, body } = await request(`${origin}/metrics`, {
      signal,
      reset: true,
      headers: { accept: 'text/plain', 'accept-encoding': 'identity' },
    })
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (statusCode !== 200 || bytes > largestBytes) {
        body.destroy()
        return null
      }
      chunks.push(chunk)
    }
    return statusCode === 200 ? readCounters(Buffer.concat(chunks).toString('utf8')) : null
  } catch {
    return null
  }
}
