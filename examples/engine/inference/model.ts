import type { LlamaContextSequence, LlamaModel, Token, TokenBias } from 'node-llama-cpp'
import { ensureModel } from '../gguf/model-cache.ts'
import { presets } from '../gguf/presets.ts'
import type { EngineOptions } from '../options.ts'
import { createBarrier, noBarrier, type StepBarrier } from './barrier.ts'
import { limitPrefill } from './prefill-chunk.ts'
import { createSlots, type Slots } from './slots.ts'

/** A loaded model with its places to compute in. */
export interface LoadedModel {
  readonly model: LlamaModel
  readonly slots: Slots<LlamaContextSequence>
  readonly barrier: StepBarrier
  readonly probabilities: boolean
  readonly guardPasses: number
  readonly guardTokens: number
  readonly vocabularySize: number
  /** Prompt and output tokens of one request. */
  readonly contextSize: number
  /** Tokens of a plain text; text that looks like a control token stays text. */
  tokenize(text: string): Token[]
  createBias(logits: ReadonlyMap<Token, number>): TokenBias
  /** Ids of control tokens by name. */
  readonly control: { readonly turnStart: Token; readonly turnEnd: Token }
}

/**
 * One compute thread: the compute threads spin while they wait for each other, so that a single busy neighbour makes two
 * of them up to sixty times slower than one.
 */
const threads = 1

/** The library would shift the context silently when it is full; a request that gets there is a defect of ours. */
const refuseToShift = {
  size: 1,
  strategy(): never {
    throw new Error('The context is full: the length check let a request through that does not fit')
  },
}

/**
 * Writes the model if need be, loads it, and sets up one sequence a slot. The library is imported here and nowhere else:
 * it uses the thread pool while it is imported, and the pool's size must have been set before.
 */
export async function loadModel(options: EngineOptions): Promise<LoadedModel> {
  const { getLlama, LlamaLogLevel, TokenBias } = await import('node-llama-cpp')
  const file = ensureModel(options.cacheDir, options.preset, options.seed)
  const llama = await getLlama({
    gpu: false,
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    maxThreads: threads,
    logLevel: LlamaLogLevel.error,
  })
  const model = await llama.loadModel({ modelPath: file.path, gpuLayers: 0 })
  const context = await model.createContext({
    sequences: options.sequences,
    contextSize: options.contextSize,
    batchSize: options.batchSize,
    flashAttention: options.flashAttention,
    threads,
    ...(options.prefillChunk < options.batchSize ? { batching: limitPrefill(options.prefillChunk) } : {}),
  })
  const sequences = Array.from({ length: options.sequences }, () =>
    context.getSequence({ contextShift: refuseToShift }),
  )
  const vocabularySize = presets[options.preset].vocabulary
  return {
    model,
    slots: createSlots(sequences),
    barrier: options.barrier ? createBarrier() : noBarrier,
    probabilities: options.probabilities,
    guardPasses: options.guardPasses,
    guardTokens: options.guardTokens,
    vocabularySize,
    contextSize: options.contextSize,
    tokenize: (text) => (text === '' ? [] : model.tokenize(text)),
    createBias(logits) {
      const bias = TokenBias.for(model)
      for (const [token, logit] of logits) bias.set(token, { logit })
      return bias
    },
    control: { turnStart: (vocabularySize - 2) as Token, turnEnd: (vocabularySize - 1) as Token },
  }
}
