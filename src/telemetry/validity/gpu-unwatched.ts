import { plural } from '../../model/words.ts'
import type { ValidityRule } from './rule.ts'

/** Samples come twice a second; even a slow driver manages one in this time. */
const allowedGapMs = 5000

/** The GPU was lost sight of: throttling would not have been seen. */
export const gpuUnwatched: ValidityRule = ({ telemetry }) => {
  const gpu = telemetry?.gpu
  if (!gpu || (gpu.samples > 0 && gpu.longestGapMs <= allowedGapMs)) return null
  return {
    code: 'gpu-unwatched',
    scenario: null,
    message: `nvidia-smi gave no sample for ${(gpu.longestGapMs / 1000).toFixed(1)} s under load (${plural(gpu.samples, 'sample')} in all; at most ${allowedGapMs / 1000} s without one are allowed); throttling would have gone unseen.`,
    hint: 'The tool ended or hung during the measurement. Run it by hand with --loop-ms=500, and look at the GPU driver.',
  }
}
