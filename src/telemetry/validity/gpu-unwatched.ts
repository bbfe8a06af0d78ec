import type { ValidityRule } from './rule.ts'

/** Samples come twice a second; even a slow driver manages one in this time. */
const longestGapMs = 5000

/** The GPU was lost sight of: throttling would not have been seen. */
export const gpuUnwatched: ValidityRule = ({ telemetry, window }) => {
  const gpu = telemetry?.gpu
  if (!gpu) return null
  const windowMs = window.endMs - window.startMs
  if (gpu.samples > 0 && !(gpu.samples * longestGapMs < windowMs)) return null
  return {
    code: 'gpu-unwatched',
    scenario: null,
    message: `nvidia-smi gave ${gpu.samples} samples in ${(windowMs / 1000).toFixed(1)} s; throttling would have gone unseen.`,
    hint: 'The tool ended or hung during the measurement. Run it by hand with --loop-ms=500, and look at the GPU driver.',
  }
}
