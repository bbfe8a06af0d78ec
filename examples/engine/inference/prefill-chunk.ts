import type { BatchingOptions } from 'node-llama-cpp'

/**
 * Lets each request put at most `chunk` tokens into one forward pass, so that a long prompt takes many small passes.
 * Decoding is untouched: a request that generates brings one token a pass.
 */
export function limitPrefill(chunk: number): BatchingOptions {
  return {
    itemPrioritizationStrategy({ items, size }) {
      const share = Math.max(1, Math.floor(size / items.length))
      return items.map((item) => ({ item, processAmount: Math.min(item.tokens.length, chunk, share) }))
    },
  }
}
