import { fewestRequests } from '../../model/scenario.ts'
import { type loadShapeKeys, loadShapeOf } from '../load-shape.ts'
import type { KeyPath, Problem, Source } from '../problems.ts'
import { maxRequests, type ScenarioFile } from '../schema.ts'

/** The load of one scenario, as far as its keys are right by themselves. */
export type LoadView = {
  /** A matrix may have both. */
  readonly streaming?: boolean | readonly boolean[]
} & {
  readonly [K in 'concurrency' | 'rate' | 'requests' | (typeof loadShapeKeys)[number]]?: ScenarioFile[K]
}

/**
 * Keys that are right by themselves and say nothing together, or something that no load can be.
 *
 * @param isGiven whether the file has a key, also where its value is wrong: that is told elsewhere
 */
export function loadProblems(
  load: LoadView,
  isGiven: (key: keyof LoadView) => boolean,
  path: KeyPath,
  source: Source,
): readonly Problem[] {
  const problem = (key: string, allowed: string, message: string) => [
    source.problemAt([...path, ...key.split('.')], allowed, message),
  ]
  if (!isGiven('concurrency') && !isGiven('rate')) {
    const allowed = 'a whole number from 1 to 10000; or rate, a number of requests per second'
    return problem('concurrency', allowed, 'neither concurrency nor rate says how much load there is')
  }
  const isOpen = isGiven('rate')
  return [
    ...(isOpen ? [] : closedProblems(load, problem)),
    ...(isOpen && isGiven('think-time-ms')
      ? problem('think-time-ms', 'a scenario without rate', 'requests of a rate wait for no answer')
      : []),
    ...(isOpen ? gammaProblems(load, isGiven, problem) : []),
    ...sloProblems(load, problem),
    ...(isOpen && fewestRequests({ ...loadShapeOf(load), requests: 1 }) > maxRequests
      ? problem('min-seconds', `at most ${maxRequests} requests`, `makes more at a rate of ${load.rate}`)
      : []),
  ]
}

type Complain = (key: string, allowed: string, message: string) => Problem[]

function closedProblems(load: LoadView, problem: Complain): Problem[] {
  const { requests, concurrency } = load
  const withoutRate = (['arrivals', 'burstiness'] as const).filter((key) => load[key] !== undefined)
  return [
    ...withoutRate.flatMap((key) =>
      problem(key, 'a scenario with rate', 'without a rate, requests follow the answers, not a schedule'),
    ),
    // Some streams would never send anything: the load is not what its name says.
    ...(requests !== undefined && concurrency !== undefined && requests < concurrency
      ? problem(
          'requests',
          `a whole number from ${concurrency}`,
          `fewer requests than the concurrency of ${concurrency}`,
        )
      : []),
  ]
}

function sloProblems({ slo, streaming }: LoadView, problem: Complain): Problem[] {
  if (slo === undefined) return []
  if (Object.keys(slo).length === 0)
    return problem('slo', 'a mapping with at least one of ttft-ms, tpot-ms, latency-ms', '')
  if (![streaming ?? true].flat().includes(false)) return []
  const unseen = (['ttft-ms', 'tpot-ms'] as const).filter((key) => slo[key] !== undefined)
  return unseen.flatMap((key) =>
    problem(`slo.${key}`, 'latency-ms, or a scenario with streaming', 'without streaming nobody sees the first token'),
  )
}

function gammaProblems(load: LoadView, isGiven: (key: keyof LoadView) => boolean, problem: Complain): Problem[] {
  const isGamma = load.arrivals === 'gamma'
  if (isGamma && !isGiven('burstiness')) {
    return problem('burstiness', 'a number above 0; 1 is Poisson, less is burstier', 'arrivals gamma needs it')
  }
  // Arrivals that are wrong by themselves may have been meant as gamma.
  const isOther = !isGamma && (load.arrivals !== undefined || !isGiven('arrivals'))
  if (!isOther || !isGiven('burstiness')) return []
  const arrivals = load.arrivals ?? 'poisson'
  return problem('burstiness', 'arrivals: gamma', `arrivals are ${arrivals}, which has no burstiness`)
}
