import { connect, type Socket } from 'node:net'
import { defaultReference, type ReferenceOptions } from '../../src/reference-server/options.ts'
import { ReferenceServer } from '../../src/reference-server/server.ts'

/** A reference server inside the test, closed at the end of the block. */
export async function startReference(
  changes: Partial<ReferenceOptions> = {},
): Promise<ReferenceServer & AsyncDisposable & { readonly origin: string }> {
  const server = await ReferenceServer.start({ ...defaultReference, ttftMs: 1, gapMs: 1, ...changes })
  return Object.assign(server, {
    origin: `http://127.0.0.1:${server.port}`,
    [Symbol.asyncDispose]: () => server.close(),
  })
}

/** POSTs JSON; the answer's status and whole body. */
export async function post(origin: string, path: string, body: unknown): Promise<{ status: number; text: string }> {
  const response = await fetch(`${origin}${path}`, { method: 'POST', body: JSON.stringify(body) })
  return { status: response.status, text: await response.text() }
}

/** The events of a stream, parsed; `[DONE]` stays text. */
export function eventsOf(text: string): unknown[] {
  return text
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => event.replace(/^data: /, ''))
    .map((data) => (data === '[DONE]' ? data : JSON.parse(data)))
}

/** A bare socket to the server, and all that it has received so far. */
export function openSocket(port: number): { socket: Socket; received: () => string; closed: Promise<void> } {
  const socket = connect({ host: '127.0.0.1', port })
  let text = ''
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1')
  })
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  return { socket, received: () => text, closed }
}

export function completion(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    model: 'reference',
    prompt: 'one two three',
    max_tokens: 4,
    stream: true,
    stream_options: { include_usage: true },
    ...changes,
  }
}
