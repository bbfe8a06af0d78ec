import { runCase } from './run-case.ts'

export interface FuzzOptions {
  readonly cases: number
  readonly seed: number
  /** Number of the first case. */
  readonly first: number
  onProgress(done: number): void
}

export interface FuzzResult {
  readonly cases: number
  readonly failed: number
  /** The first few, each with the command line that repeats it alone. */
  readonly failures: readonly { readonly message: string; readonly repeat: string }[]
  readonly seconds: number
  readonly slowestMs: number
}

const failuresShown = 10
const progressEvery = 10_000
/** Answers here are of a few kilobytes: a case that takes this long has met with something that grows out of hand. */
const tooLongMs = 5_000

export function fuzz({ cases, seed, first, onProgress }: FuzzOptions): FuzzResult {
  const startMs = performance.now()
  const failures: { message: string; repeat: string }[] = []
  let failed = 0
  let slowestMs = 0
  for (let index = first; index < first + cases; index += 1) {
    const caseStartMs = performance.now()
    const failure = runCase(seed, index)
    const tookMs = performance.now() - caseStartMs
    slowestMs = Math.max(slowestMs, tookMs)
    const message = failure ?? (tookMs > tooLongMs ? `took ${tookMs} ms` : null)
    if (message !== null) {
      failed += 1
      const repeat = `npm run fuzz -- --seed ${seed} --first ${index} --cases 1`
      if (failures.length < failuresShown) failures.push({ message, repeat })
    }
    if ((index - first + 1) % progressEvery === 0) onProgress(index - first + 1)
  }
  return { cases, failed, failures, seconds: (performance.now() - startMs) / 1000, slowestMs }
}
