/** One HTTP request with its whole body. */
export interface IncomingRequest {
  readonly method: string
  readonly path: string
  readonly headers: ReadonlyMap<string, string>
  readonly body: Buffer
}

interface Head extends Omit<IncomingRequest, 'body'> {
  readonly bodyBytes: number
}

const endOfHead = Buffer.from('\r\n\r\n')
const nothing = Buffer.alloc(0)

/**
 * Reads HTTP/1.1 requests off one connection. It knows what load generators send: a request line, headers, and a body
 * of known length.
 */
export class RequestReader {
  #pending: Buffer = nothing
  #head: Head | null = null

  /** Takes the bytes of one packet; returns the requests that are now complete. @throws Error for anything else. */
  take(bytes: Buffer): IncomingRequest[] {
    this.#pending = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes])
    const complete: IncomingRequest[] = []
    for (;;) {
      this.#head ??= this.#takeHead()
      if (this.#head === null || this.#pending.length < this.#head.bodyBytes) return complete
      const { bodyBytes, ...head } = this.#head
      complete.push({ ...head, body: this.#pending.subarray(0, bodyBytes) })
      this.#pending = this.#pending.subarray(bodyBytes)
      this.#head = null
    }
  }

  #takeHead(): Head | null {
    const end = this.#pending.indexOf(endOfHead)
    if (end === -1) return null
    const text = this.#pending.toString('latin1', 0, end)
    this.#pending = this.#pending.subarray(end + endOfHead.length)
    return parseHead(text)
  }
}

function parseHead(text: string): Head {
  const [requestLine = '', ...lines] = text.split('\r\n')
  const [method = '', path = '', version = ''] = requestLine.split(' ')
  if (!version.startsWith('HTTP/1.')) throw new Error(`not an HTTP/1.1 request: ${requestLine.slice(0, 80)}`)
  const headers = new Map<string, string>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim())
  }
  if (headers.has('transfer-encoding')) throw new Error('a request body without content-length')
  const bodyBytes = Number(headers.get('content-length') ?? 0)
  if (!Number.isSafeInteger(bodyBytes) || bodyBytes < 0) throw new Error('a content-length that is no length')
  return { method, path, headers, bodyBytes }
}
