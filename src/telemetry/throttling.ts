import type { GpuSample } from './gpu-fields.ts'
import type { Span } from './span.ts'

type Gpus = readonly (readonly GpuSample[])[]

/**
 * Each reason that was seen active, with the fraction of moments at which any GPU had it. Null when the driver told of
 * no reason at all: that nothing was seen then means nothing.
 */
export function throttleFractions(byGpu: Gpus, moments: number): Record<string, number> | null {
  if (byGpu.flat().every(({ throttled }) => throttled === null)) return null
  const seen = new Map<string, Set<number>>()
  for (const gpu of byGpu) {
    for (const [moment, { throttled }] of gpu.entries()) {
      for (const reason of throttled ?? []) seen.set(reason, (seen.get(reason) ?? new Set()).add(moment))
    }
  }
  return Object.fromEntries([...seen].map(([reason, at]) => [reason, at.size / moments]))
}

/**
 * Each counted reason with the fraction of time, of the GPU that had it longest. From the last look before the load to
 * the first one after it, so that no moment of the load is left out.
 *
 * @param byGpu all samples of the trial
 */
export function throttleTimes(byGpu: Gpus, { fromMs, toMs }: Span): Record<string, number> | null {
  const fractions = new Map<string, number>()
  for (const gpu of byGpu) {
    const first = gpu.findLast(({ atMs }) => atMs <= fromMs) ?? gpu[0]
    const last = gpu.find(({ atMs }) => atMs >= toMs) ?? gpu.at(-1)
    if (first === undefined || last === undefined || !(last.atMs > first.atMs)) continue
    for (const [reason, untilUs] of Object.entries(last.throttledUs)) {
      const fraction = (untilUs - (first.throttledUs[reason] ?? Number.NaN)) / 1000 / (last.atMs - first.atMs)
      // A driver that was loaded anew counts from zero again.
      if (fraction >= 0) fractions.set(reason, Math.max(fractions.get(reason) ?? 0, Math.min(1, fraction)))
    }
  }
  return fractions.size === 0 ? null : Object.fromEntries(fractions)
}
