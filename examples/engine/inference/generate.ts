import type { LlamaContextSequence, SequenceEvaluateOptions, Token } from 'node-llama-cpp'
import type { LoadedModel } from './model.ts'

/** What to generate. The caller has checked that prompt and `maxTokens` fit into the context. */
export interface Generation {
  readonly prompt: readonly Token[]
  readonly maxTokens: number
  /** Up to here an end-of-text token does not end the generation. */
  readonly minTokens: number
  readonly ignoreEos: boolean
  /** 0: always the most likely token. */
  readonly temperature: number
  readonly topP: number
  readonly seed: number | null
  /** Added to the logits of these tokens; never to end-of-text tokens. */
  readonly logitBias: ReadonlyMap<Token, number>
}

function evaluateOptions(loaded: LoadedModel, request: Generation): SequenceEvaluateOptions {
  return {
    temperature: request.temperature,
    topP: request.topP,
    // An end-of-text token always comes out, so that one place decides whether it ends the generation.
    yieldEogToken: true,
    ...(request.seed === null ? {} : { seed: request.seed }),
    ...(request.logitBias.size === 0 ? {} : { tokenBias: loaded.createBias(request.logitBias) }),
  }
}

async function* evaluate(
  sequence: LlamaContextSequence,
  loaded: LoadedModel,
  request: Generation,
): AsyncGenerator<Token> {
  const options = evaluateOptions(loaded, request)
  if (!loaded.probabilities) {
    yield* sequence.evaluate([...request.prompt], options)
    return
  }
  for await (const { token } of sequence.evaluateWithMetadata([...request.prompt], { probabilities: true }, options)) {
    yield token
  }
}

async function* generateIn(
  sequence: LlamaContextSequence,
  loaded: LoadedModel,
  request: Generation,
  signal: AbortSignal,
): AsyncGenerator<Token> {
  // Nothing of an earlier prompt may be reused: every prompt is computed in full.
  if (sequence.nextTokenIndex > 0) await sequence.clearHistory()
  await loaded.barrier.join()
  try {
    for (let pass = 0; pass < loaded.guardPasses && !signal.aborted; pass++) {
      await sequence.evaluateWithoutGeneratingNewTokens(request.prompt.slice(0, loaded.guardTokens || undefined))
      await sequence.clearHistory()
    }
    let count = 0
    for await (const token of evaluate(sequence, loaded, request)) {
      const mayEnd = !request.ignoreEos && count >= request.minTokens
      if (signal.aborted || (mayEnd && loaded.model.isEogToken(token))) return
      yield token
      count++
      if (count >= request.maxTokens) return
      await loaded.barrier.step()
      if (signal.aborted) return
    }
  } finally {
    loaded.barrier.leave()
  }
}

/**
 * Waits for a slot and yields token after token; ends after `maxTokens`, at end of text, or soon after the signal
 * aborts, and gives the slot back in each case. The consumer must not wait between tokens: the other requests' next
 * step waits with it.
 */
export async function* generate(loaded: LoadedModel, request: Generation, signal: AbortSignal): AsyncGenerator<Token> {
  const sequence = await loaded.slots.acquire(signal)
  if (sequence === null) return
  try {
    yield* generateIn(sequence, loaded, request, signal)
  } finally {
    loaded.slots.release(sequence)
  }
}
