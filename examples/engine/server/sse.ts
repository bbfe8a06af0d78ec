import type { ServerResponse } from 'node:http'

/** A stream of server-sent events. Each event is one write, so that a client sees each token when it exists. */
export interface EventStream {
  send(event: unknown): void
  /** The marker that ends an OpenAI stream, then the end of the body. */
  done(): void
  /** Ends the body without the marker: the client can see that the answer is not complete. */
  end(): void
}

/** Sends the headers at once. */
export function openEventStream(response: ServerResponse): EventStream {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
  response.flushHeaders()
  return {
    send: (event) => void response.write(`data: ${JSON.stringify(event)}\n\n`),
    done: () => void response.end('data: [DONE]\n\n'),
    end: () => void response.end(),
  }
}
