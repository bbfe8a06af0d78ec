import type { Socket } from 'node:net'

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  404: 'Not Found',
  500: 'Internal Server Error',
}

/** Head of an answer whose length is known. */
export function headWithLength(status: number, bytes: number, keepsAlive: boolean): string {
  return `HTTP/1.1 ${status} ${reasons[status] ?? ''}\r\ncontent-type: application/json\r\ncontent-length: ${bytes}\r\n${connection(keepsAlive)}\r\n`
}

/** Head of a stream of events. */
export function streamHead(keepsAlive: boolean): string {
  return `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n${connection(keepsAlive)}\r\n`
}

/** One server-sent event as one chunk of a body. */
export function eventChunk(data: string): string {
  const event = `data: ${data}\n\n`
  return `${Buffer.byteLength(event).toString(16)}\r\n${event}\r\n`
}

export const lastChunk = '0\r\n\r\n'

export function sendJson(socket: Socket, status: number, body: string, keepsAlive: boolean): void {
  socket.write(headWithLength(status, Buffer.byteLength(body), keepsAlive) + body)
}

function connection(keepsAlive: boolean): string {
  return keepsAlive ? '' : 'connection: close\r\n'
}
