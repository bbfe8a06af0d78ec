import { encodeHeader, padded } from './encode.ts'
import { buildMetadata } from './metadata.ts'
import { type Preset, presets } from './presets.ts'
import { createWeightFiller } from './random-weights.ts'
import { byteLengthOf, listTensors, type TensorSpec } from './tensors.ts'
import { buildVocabulary, type Vocabulary } from './vocabulary.ts'

/** Changes whenever the bytes for a preset and seed change. */
export const writerVersion = 1

/**
 * A logit of zero for bytes and control tokens keeps them out of the most likely tokens: the model speaks whole,
 * readable words and does not end by itself.
 */
function silenceUnreadableTokens(weights: Uint16Array, embedding: number, vocabulary: Vocabulary): void {
  weights.fill(0, 0, vocabulary.wordStart * embedding)
  weights.fill(0, vocabulary.controlStart * embedding)
}

/**
 * A complete GGUF file with random weights, in memory. The same preset and seed give the same bytes on every machine.
 * @see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export function buildModel(preset: Preset, seed: number): Buffer {
  const shape = presets[preset]
  const vocabulary = buildVocabulary(shape.vocabulary)
  const tensors = listTensors(shape)
  const header = encodeHeader(buildMetadata(`random-${preset}`, shape, vocabulary), tensors)
  const dataLength = tensors.reduce((sum, tensor) => sum + padded(byteLengthOf(tensor)), 0)
  const file = Buffer.alloc(header.length + dataLength)
  header.copy(file)
  const fillWeights = createWeightFiller(seed)
  let offset = file.byteOffset + header.length
  const write = (tensor: TensorSpec): void => {
    const bytes = byteLengthOf(tensor)
    if (tensor.fill === 'ones') {
      new Float32Array(file.buffer, offset, bytes / 4).fill(1)
    } else {
      const weights = new Uint16Array(file.buffer, offset, bytes / 2)
      fillWeights(weights)
      if (tensor.name === 'output.weight') silenceUnreadableTokens(weights, shape.embedding, vocabulary)
    }
    offset += padded(bytes)
  }
  tensors.forEach(write)
  return file
}
