export { readRunnerClass } from './runner-class.ts'
export { type Sampler, type SamplerOptions, startSampler } from './sampler.ts'
export { findInvalid, type ValidityInput } from './validity/index.ts'
