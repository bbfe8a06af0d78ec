import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { buildModel } from '../../../examples/engine/gguf/build-model.ts'
import { readGguf } from '../gguf-reader.ts'

const model = buildModel('nano', 1)
const file = readGguf(model)
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** IEEE 754 half precision, decoded by hand. */
function halfToNumber(bits: number): number {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023]
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

function weightsOf(name: string, rows: number, from = 0): number[] {
  const tensor = file.tensors.get(name)
  if (!tensor) throw new Error(`No tensor ${name}`)
  const width = tensor.dims[0] ?? 0
  const start = file.dataStart + tensor.offset + from * width * 2
  return Array.from({ length: rows * width }, (_, index) => halfToNumber(model.readUInt16LE(start + index * 2)))
}

describe('a generated model file', () => {
  it('is the same for the same preset and seed, and another for another seed', () => {
    expect(sha256(buildModel('nano', 1))).toBe(sha256(model))
    expect(sha256(buildModel('nano', 2))).not.toBe(sha256(model))
    expect(sha256(buildModel('nano', 0))).not.toBe(sha256(model))
  })

  it('reads back as GGUF version 3 with the shape of the nano preset', () => {
    expect(file.version).toBe(3)
    const expected = {
      'general.architecture': 'llama',
      'llama.block_count': 4,
      'llama.embedding_length': 256,
      'llama.attention.head_count': 4,
      'llama.attention.head_count_kv': 2,
      'llama.feed_forward_length': 768,
      'llama.vocab_size': 4096,
      'tokenizer.ggml.add_bos_token': false,
    }
    for (const [key, value] of Object.entries(expected)) expect([key, file.metadata.get(key)]).toEqual([key, value])
  })

  it('holds every tensor that the architecture needs, sized, aligned and inside of the file', () => {
    expect(file.tensors.size).toBe(4 * 9 + 3)
    expect(file.tensors.get('blk.3.attn_k.weight')?.dims).toEqual([256, 128])
    expect(file.tensors.get('blk.0.ffn_down.weight')?.dims).toEqual([768, 256])
    expect(file.tensors.get('output.weight')?.dims).toEqual([256, 4096])
    let end = 0
    for (const [name, { dims, type, offset }] of file.tensors) {
      expect([name, offset % 32, offset]).toEqual([name, 0, end])
      end = offset + Math.ceil((dims.reduce((a, b) => a * b) * (type === 0 ? 4 : 2)) / 32) * 32
    }
    expect(file.dataStart + end).toBe(model.length)
  })

  it('has normal weights of deviation 0.02 that are not the same in every layer', () => {
    const weights = weightsOf('blk.1.attn_q.weight', 256)
    const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length
    const deviation = Math.sqrt(weights.reduce((sum, weight) => sum + (weight - mean) ** 2, 0) / weights.length)
    // 65,536 draws: the standard errors are 0.00008 and 0.00006.
    expect(Math.abs(mean)).toBeLessThan(0.0005)
    expect(Math.abs(deviation - 0.02)).toBeLessThan(0.0005)
    expect(weightsOf('blk.2.attn_q.weight', 1)).not.toEqual(weightsOf('blk.1.attn_q.weight', 1))
  })

  it('gives bytes and control tokens a logit of zero and words a real one', () => {
    expect(weightsOf('output.weight', 256).every((weight) => weight === 0)).toBe(true)
    expect(weightsOf('output.weight', 3, 4093).every((weight) => weight === 0)).toBe(true)
    expect(weightsOf('output.weight', 1, 256).some((weight) => weight !== 0)).toBe(true)
    expect(weightsOf('output.weight', 1, 4092).some((weight) => weight !== 0)).toBe(true)
  })
})
