import type { Socket } from 'node:net'
import { buildConnector } from 'undici'

/** As much as Node itself asks the system for at once. */
const mostBytes = 64 * 1024
/** One for all sockets: what stands in it is taken out before the next socket is read. */
const landing = Buffer.allocUnsafeSlow(mostBytes)

/**
 * Opens connections whose bytes reach the parser at the moment when they arrive. Left alone, a socket makes new memory
 * for each packet, puts it into a queue and tells of it later in the turn: for a token at a time that is half of all
 * work, and it comes before the stamp.
 *
 * @param onArrival called when bytes have arrived, before anything is done with them
 * @see https://nodejs.org/api/net.html#socketconnectoptions-connectlistener (`onread`)
 */
export function directConnector(connectTimeoutMs: number, onArrival: () => void): buildConnector.connector {
  return (options, callback) => {
    const reading = new DirectReading(onArrival)
    const onread = { buffer: landing, callback: (length: number) => reading.take(length) }
    const connect = buildConnector({ timeout: connectTimeoutMs, allowH2: false, onread })
    connect(options, (...[error, socket]) => {
      if (error !== null) {
        callback(error, null)
        return
      }
      reading.attachTo(socket)
      callback(null, socket)
    })
  }
}

/** What one socket has read and nobody has taken yet. */
class DirectReading {
  readonly #onArrival: () => void
  #socket: Socket | null = null
  #arrived: Buffer | null = null
  #isHandingOver = false

  constructor(onArrival: () => void) {
    this.#onArrival = onArrival
  }

  /** Its reader is told by `readable` and asks by `read()`, as ever. */
  attachTo(socket: Socket): void {
    const readQueued = socket.read.bind(socket)
    socket.read = (size?: number) => {
      const bytes = this.#takeOut()
      // While something is handed over, nothing else is waiting.
      return bytes !== null || this.#isHandingOver ? bytes : readQueued(size)
    }
    this.#socket = socket
  }

  /** @returns true: the socket is to read on */
  take(length: number): boolean {
    this.#onArrival()
    // A copy: the parser may keep the beginning of a header until its end arrives.
    const bytes = Buffer.allocUnsafe(length)
    landing.copy(bytes, 0, 0, length)
    const socket = this.#socket
    if (socket === null) throw new Error('a socket read before it was connected')
    const left = socket.readableLength === 0 ? this.#handOver(socket, bytes) : bytes
    // Nobody wants it yet: it waits in the queue that every socket has, behind what came before.
    if (left !== null) socket.push(left)
    return true
  }

  #handOver(socket: Socket, bytes: Buffer): Buffer | null {
    this.#arrived = bytes
    this.#isHandingOver = true
    socket.emit('readable')
    this.#isHandingOver = false
    return this.#takeOut()
  }

  #takeOut(): Buffer | null {
    const bytes = this.#arrived
    this.#arrived = null
    return bytes
  }
}
