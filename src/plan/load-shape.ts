import { type Arrivals, fewestRequests, type Objectives, plainLoad, type Scenario } from '../model/scenario.ts'
import type { ScenarioFile } from './schema.ts'

/** The keys of a scenario that say how load is made, besides its size. */
export const loadShapeKeys = [
  'output-length',
  'arrivals',
  'burstiness',
  'think-time-ms',
  'ramp-seconds',
  'min-seconds',
  'slo',
] as const

type ShapeFile = Pick<ScenarioFile, 'concurrency' | 'rate' | 'requests' | (typeof loadShapeKeys)[number]>
type LoadShape = Pick<
  Scenario,
  'outputLength' | 'concurrency' | 'arrivals' | 'thinkTimeMs' | 'rampSeconds' | 'requests' | 'minSeconds' | 'objectives'
>

/** 60 requests support a P95, and 10 a stream a steady state. */
const leastRequests = 60
const requestsPerStream = 10

/** How the load of a scenario is made, with defaults filled in. */
export function loadShapeOf(file: ShapeFile): LoadShape {
  const shape = {
    outputLength: file['output-length'] ?? plainLoad.outputLength,
    concurrency: file.concurrency ?? null,
    arrivals: arrivalsOf(file),
    thinkTimeMs: file['think-time-ms'] ?? plainLoad.thinkTimeMs,
    rampSeconds: file['ramp-seconds'] ?? plainLoad.rampSeconds,
    minSeconds: file['min-seconds'] ?? plainLoad.minSeconds,
    objectives: objectivesOf(file.slo),
  }
  return { ...shape, requests: file.requests ?? defaultRequests(shape) }
}

/** Measured requests where none are given: enough for a P95, a steady state, and the time that must pass. */
export function defaultRequests(shape: Pick<LoadShape, 'concurrency' | 'arrivals' | 'minSeconds'>): number {
  const streams = shape.arrivals === null ? (shape.concurrency ?? 1) : 0
  return fewestRequests({ ...shape, requests: Math.max(leastRequests, requestsPerStream * streams) })
}

function objectivesOf(slo: ShapeFile['slo']): Objectives | null {
  if (slo === undefined) return plainLoad.objectives
  return { ttftMs: slo['ttft-ms'] ?? null, tpotMs: slo['tpot-ms'] ?? null, latencyMs: slo['latency-ms'] ?? null }
}

function arrivalsOf({ rate, arrivals = 'poisson', burstiness }: ShapeFile): Arrivals | null {
  if (rate === undefined) return null
  const shapes = { constant: null, poisson: 1, gamma: burstiness ?? 1 }
  return { requestsPerSecond: rate, burstiness: shapes[arrivals] }
}
