import type { ModelShape } from './presets.ts'

export type TensorType = 'f32' | 'f16'

/** One tensor: `dimensions` as GGUF counts them, the input dimension first. */
export interface TensorSpec {
  readonly name: string
  readonly dimensions: readonly number[]
  readonly type: TensorType
  readonly fill: 'ones' | 'normal'
}

/** Size of the tensor's data, before padding. */
export function byteLengthOf(tensor: TensorSpec): number {
  const elements = tensor.dimensions.reduce((product, dimension) => product * dimension, 1)
  return elements * (tensor.type === 'f32' ? 4 : 2)
}

const norm = (name: string, size: number): TensorSpec => ({ name, dimensions: [size], type: 'f32', fill: 'ones' })

const matrix = (name: string, input: number, output: number): TensorSpec => ({
  name,
  dimensions: [input, output],
  type: 'f16',
  fill: 'normal',
})

/** The tensors of a Llama-architecture model, by the names that llama.cpp looks for. */
export function listTensors(shape: ModelShape): TensorSpec[] {
  const { embedding, feedForward, vocabulary } = shape
  const kvWidth = (embedding / shape.heads) * shape.kvHeads
  const layer = (index: number): TensorSpec[] => {
    const prefix = `blk.${index}`
    return [
      norm(`${prefix}.attn_norm.weight`, embedding),
      matrix(`${prefix}.attn_q.weight`, embedding, embedding),
      matrix(`${prefix}.attn_k.weight`, embedding, kvWidth),
      matrix(`${prefix}.attn_v.weight`, embedding, kvWidth),
      matrix(`${prefix}.attn_output.weight`, embedding, embedding),
      norm(`${prefix}.ffn_norm.weight`, embedding),
      matrix(`${prefix}.ffn_gate.weight`, embedding, feedForward),
      matrix(`${prefix}.ffn_up.weight`, embedding, feedForward),
      matrix(`${prefix}.ffn_down.weight`, feedForward, embedding),
    ]
  }
  return [
    matrix('token_embd.weight', embedding, vocabulary),
    ...Array.from({ length: shape.layers }, (_, index) => layer(index)).flat(),
    norm('output_norm.weight', embedding),
    matrix('output.weight', embedding, vocabulary),
  ]
}
