export { type Append, appendJob, windowJobs } from './append.ts'
export { parseBaseline, parseBaselineAt } from './parse.ts'
export { serialiseBaseline } from './serialise.ts'
export { windowFor } from './window.ts'
