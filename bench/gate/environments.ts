import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { shapes } from './noise.ts'

const deviation = z.number().min(0).max(10)

/** A machine's noise. Standard deviations are of the logarithm, as fractions: 0.01 = 1 %. */
const environmentSchema = z.strictObject({
  name: z.string().min(1),
  scenarios: z.number().int().min(1).max(64),
  /** Common to all scenarios of a trial. */
  trialSd: deviation,
  /** Of one scenario in a trial, latency and tokens/s together. */
  scenarioSd: deviation,
  /** Of the estimate of the tail latency. */
  p99Sd: deviation,
  /** Of the estimate of tokens/s. */
  tokensSd: deviation,
  /** Common to all trials of a job. */
  jobSd: deviation,
  /** Step of a random walk from one trial to the next. */
  walkSd: deviation,
  /** Between the scenarios of a trial, of what is drawn for each of them. */
  correlation: z.number().min(0).max(1),
  /** Of the tail's noise; `bimodal` and `heavy-tailed` also of what is common to a trial. */
  shape: z.enum(shapes),
  /** Trials that something disturbed, as a fraction, and by how much they are slower: 0.5 = 50 %. */
  outlierRate: z.number().min(0).max(1),
  outlierSize: z.number().min(0).max(100),
})

export type Environment = z.infer<typeof environmentSchema>

const quiet: Environment = {
  name: 'quiet',
  scenarios: 8,
  trialSd: 0.004,
  scenarioSd: 0.004,
  p99Sd: 0.03,
  tokensSd: 0.005,
  jobSd: 0.01,
  walkSd: 0.002,
  correlation: 0,
  shape: 'gumbel',
  outlierRate: 0,
  outlierSize: 0,
}
const noisy: Environment = {
  ...quiet,
  name: 'noisy',
  trialSd: 0.01,
  scenarioSd: 0.01,
  p99Sd: 0.08,
  tokensSd: 0.012,
  jobSd: 0.05,
  walkSd: 0.005,
}

/** The machines that the gate's promise is given for. */
export const environments: readonly Environment[] = [
  quiet,
  noisy,
  { ...noisy, name: 'drifting', jobSd: 0.15, walkSd: 0.02 },
  { ...noisy, name: 'steady', jobSd: 0.005, walkSd: 0.003 },
]

/** Noise of other shapes, which must not break the promise about false alarms. */
export const stressEnvironments: readonly Environment[] = [
  { ...noisy, name: 'noisy, two modes', shape: 'bimodal', trialSd: 0.06 },
  { ...noisy, name: 'noisy, outlier trials', outlierRate: 0.05, outlierSize: 0.5 },
  { ...noisy, name: 'noisy, lognormal, sigma doubled', shape: 'lognormal', p99Sd: 0.16 },
  { ...noisy, name: 'noisy, heavy tails', shape: 'heavy-tailed' },
  { ...noisy, name: 'noisy, scenarios correlated', correlation: 0.5 },
]

/** A machine by its name, or else by its file: see {@link readEnvironment}. */
export function findEnvironment(nameOrPath: string): Environment {
  const builtIn = [...environments, ...stressEnvironments].find(({ name }) => name === nameOrPath)
  return builtIn ?? readEnvironment(nameOrPath)
}

/**
 * An environment from a JSON file. What is left out is as in "noisy".
 * @throws Error with every problem of the file, by key
 */
export function readEnvironment(path: string): Environment {
  const given: unknown = JSON.parse(readFileSync(path, 'utf8'))
  const result = environmentSchema.safeParse({ ...noisy, name: path, ...(given as object) })
  if (result.success) return result.data
  const problems = result.error.issues.map(({ path: key, message }) => `${key.join('.') || 'the file'}: ${message}`)
  throw new Error(`${path}: ${problems.join('; ')}`)
}
