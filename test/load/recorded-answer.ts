import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Body } from '../../src/load/http/body.ts'
import type { Capture } from '../../src/load/http/capture.ts'

/** An answer of a real server, byte for byte as it came over the wire. */
export interface RecordedAnswer {
  readonly bytes: Buffer
  readonly status: number
  /** Without HTTP's framing: one entry for each chunk, or the whole body. */
  readonly pieces: readonly Buffer[]
  /** The last chunk, which ends the body, came; or the body is as long as announced. */
  readonly isComplete: boolean
}

export function readRecorded(file: string): RecordedAnswer {
  const bytes = readFileSync(join(import.meta.dirname, 'wire', file))
  const end = bytes.indexOf('\r\n\r\n')
  const head = bytes.toString('latin1', 0, end)
  const body = bytes.subarray(end + 4)
  const status = Number(head.split(' ')[1])
  if (!/^transfer-encoding: chunked$/im.test(head)) {
    const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1])
    return { bytes, status, pieces: [body], isComplete: body.length === length }
  }
  const pieces: Buffer[] = []
  for (let at = 0; at < body.length; ) {
    const lineEnd = body.indexOf('\r\n', at)
    const length = Number.parseInt(body.toString('latin1', at, lineEnd), 16)
    if (length === 0) return { bytes, status, pieces, isComplete: true }
    pieces.push(body.subarray(lineEnd + 2, lineEnd + 2 + length))
    at = lineEnd + 2 + length + 2
  }
  return { bytes, status, pieces, isComplete: false }
}

/** What the connection would have captured if each piece had come one millisecond after the one before, from 1 on. */
export function captureOf({ status, pieces, isComplete }: RecordedAnswer): Capture {
  return {
    scheduledMs: 0,
    sentMs: 0,
    firstByteMs: 0,
    settledMs: pieces.length + 1,
    status,
    body: Body.of(pieces.map((bytes, index) => ({ atMs: index + 1, bytes }))),
    failure: isComplete ? null : { outcome: 'reset', detail: 'other side closed' },
  }
}
