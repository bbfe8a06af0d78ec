import type { MetadataValue } from './metadata.ts'
import { byteLengthOf, type TensorSpec } from './tensors.ts'

/** Tensor data starts at, and each tensor is padded to, a multiple of this. */
export const alignment = 32

const version = 3
/** Type numbers: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */
const valueTypes = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 } as const
const tensorTypes = { f32: 0, f16: 1 } as const

export function padded(length: number): number {
  return Math.ceil(length / alignment) * alignment
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

function f32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  return bytes
}

function string(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8')
  return Buffer.concat([u64(bytes.length), bytes])
}

function encodeValue(entry: MetadataValue): Buffer[] {
  switch (entry.type) {
    case 'u32':
      return [u32(valueTypes.u32), u32(entry.value)]
    case 'f32':
      return [u32(valueTypes.f32), f32(entry.value)]
    case 'bool':
      return [u32(valueTypes.bool), Buffer.of(entry.value ? 1 : 0)]
    case 'string':
      return [u32(valueTypes.string), string(entry.value)]
    case 'strings':
      return [u32(valueTypes.array), u32(valueTypes.string), u64(entry.value.length), ...entry.value.map(string)]
    case 'i32s':
      return [u32(valueTypes.array), u32(valueTypes.i32), u64(entry.value.length), ...entry.value.map(u32)]
  }
}

/**
 * Everything in front of the tensor data: magic, version, counts, metadata, tensor descriptions, padding. Offsets are
 * relative to the end of this header. All little endian.
 */
export function encodeHeader(metadata: ReadonlyMap<string, MetadataValue>, tensors: readonly TensorSpec[]): Buffer {
  const parts = [Buffer.from('GGUF'), u32(version), u64(tensors.length), u64(metadata.size)]
  for (const [key, value] of metadata) parts.push(string(key), ...encodeValue(value))
  let offset = 0
  for (const tensor of tensors) {
    parts.push(string(tensor.name), u32(tensor.dimensions.length), ...tensor.dimensions.map(u64))
    parts.push(u32(tensorTypes[tensor.type]), u64(offset))
    offset += padded(byteLengthOf(tensor))
  }
  const header = Buffer.concat(parts)
  return Buffer.concat([header, Buffer.alloc(padded(header.length) - header.length)])
}
