import type { ModelShape } from './presets.ts'
import type { Vocabulary } from './vocabulary.ts'

/** A metadata value with its GGUF type. */
export type MetadataValue =
  | { readonly type: 'u32' | 'f32'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'i32s'; readonly value: readonly number[] }

const u32 = (value: number): MetadataValue => ({ type: 'u32', value })
const f32 = (value: number): MetadataValue => ({ type: 'f32', value })
const text = (value: string): MetadataValue => ({ type: 'string', value })

/** GGUF token types: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */
const normalToken = 1
const controlToken = 3

/**
 * All that llama.cpp needs to know of the model besides its tensors. Without feed_forward_length or head_count it
 * aborts the process, so these come from the shape's type and cannot be left out.
 */
export function buildMetadata(name: string, shape: ModelShape, vocabulary: Vocabulary): Map<string, MetadataValue> {
  const { tokens, merges, controlStart } = vocabulary
  return new Map<string, MetadataValue>([
    ['general.architecture', text('llama')],
    ['general.name', text(name)],
    ['general.alignment', u32(32)],
    ['general.file_type', u32(1)],
    ['llama.context_length', u32(8192)],
    ['llama.embedding_length', u32(shape.embedding)],
    ['llama.block_count', u32(shape.layers)],
    ['llama.feed_forward_length', u32(shape.feedForward)],
    ['llama.attention.head_count', u32(shape.heads)],
    ['llama.attention.head_count_kv', u32(shape.kvHeads)],
    ['llama.attention.layer_norm_rms_epsilon', f32(1e-5)],
    ['llama.rope.dimension_count', u32(shape.embedding / shape.heads)],
    ['llama.rope.freq_base', f32(10_000)],
    ['llama.vocab_size', u32(shape.vocabulary)],
    ['tokenizer.ggml.model', text('gpt2')],
    ['tokenizer.ggml.pre', text('gpt-2')],
    ['tokenizer.ggml.tokens', { type: 'strings', value: tokens }],
    ['tokenizer.ggml.merges', { type: 'strings', value: merges }],
    [
      'tokenizer.ggml.token_type',
      { type: 'i32s', value: tokens.map((_, id) => (id >= controlStart ? controlToken : normalToken)) },
    ],
    ['tokenizer.ggml.bos_token_id', u32(controlStart)],
    ['tokenizer.ggml.eos_token_id', u32(controlStart + 2)],
    ['tokenizer.ggml.add_bos_token', { type: 'bool', value: false }],
  ])
}
