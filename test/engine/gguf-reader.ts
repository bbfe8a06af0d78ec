/**
 * A GGUF reader written from the format's description alone (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md),
 * so that it shares no mistake with the writer.
 */
export interface GgufFile {
  readonly version: number
  readonly metadata: ReadonlyMap<string, unknown>
  readonly tensors: ReadonlyMap<string, { dims: number[]; type: number; offset: number }>
  /** Where tensor data begins. */
  readonly dataStart: number
}

class Cursor {
  at = 0
  readonly bytes: Buffer

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  take<T>(length: number, read: (at: number) => T): T {
    const value = read(this.at)
    this.at += length
    return value
  }

  u32 = (): number => this.take(4, (at) => this.bytes.readUInt32LE(at))
  u64 = (): number => this.take(8, (at) => Number(this.bytes.readBigUInt64LE(at)))
  text = (): string => {
    const length = this.u64()
    return this.take(length, (at) => this.bytes.toString('utf8', at, at + length))
  }

  value(type: number): unknown {
    if (type === 4) return this.u32()
    if (type === 5) return this.take(4, (at) => this.bytes.readInt32LE(at))
    if (type === 6) return this.take(4, (at) => this.bytes.readFloatLE(at))
    if (type === 7) return this.take(1, (at) => this.bytes.readUInt8(at) === 1)
    if (type === 8) return this.text()
    if (type !== 9) throw new Error(`Unexpected value type ${type} at ${this.at}`)
    const [element, length] = [this.u32(), this.u64()]
    return Array.from({ length }, () => this.value(element))
  }
}

export function readGguf(bytes: Buffer): GgufFile {
  if (bytes.toString('latin1', 0, 4) !== 'GGUF') throw new Error('No GGUF magic')
  const cursor = new Cursor(bytes)
  cursor.at = 4
  const version = cursor.u32()
  const [tensorCount, metadataCount] = [cursor.u64(), cursor.u64()]
  const metadata = new Map<string, unknown>()
  for (let index = 0; index < metadataCount; index++) metadata.set(cursor.text(), cursor.value(cursor.u32()))
  const tensors = new Map<string, { dims: number[]; type: number; offset: number }>()
  for (let index = 0; index < tensorCount; index++) {
    const name = cursor.text()
    const dims = Array.from({ length: cursor.u32() }, () => cursor.u64())
    tensors.set(name, { dims, type: cursor.u32(), offset: cursor.u64() })
  }
  return { version, metadata, tensors, dataStart: Math.ceil(cursor.at / 32) * 32 }
}
