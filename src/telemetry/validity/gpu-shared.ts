import type { ValidityRule } from './rule.ts'

const shownProcesses = 5

/** Somebody else's process was on the GPU. */
export const gpuShared: ValidityRule = ({ telemetry }) => {
  const others = telemetry?.gpu?.otherProcesses ?? []
  if (others.length === 0) return null
  const more = others.length > shownProcesses ? ` and ${others.length - shownProcesses} more` : ''
  return {
    code: 'gpu-shared',
    scenario: null,
    message: `The GPU was not ours alone: ${others.slice(0, shownProcesses).join(', ')}${more}.`,
    hint: 'End these processes, or run the job when the GPU is free. Jobs of one GPU belong in one concurrency group.',
  }
}
