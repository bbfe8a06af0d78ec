import { startReferenceProcess } from '../../src/load/calibration/index.ts'
import type { LoggedRequest } from '../../src/reference-server/index.ts'
import { nearestRank } from '../../src/stats/nearest-rank.ts'
import type { PeerName } from '../peers/index.ts'
import type { PeerHome, Spread } from '../peers/peer.ts'
import { runPeer } from '../peers/run-peer.ts'
import { type Cell, outputTokens, promptTokens } from './cells.ts'
import type { CellResult, Figures, ToolCell } from './result.ts'

export const ours = 'llm-perf'
const timeLimitSeconds = 180
const { signal } = new AbortController()

/**
 * A peer on one cell. What is true comes from the log of the server that it loaded; the peer's own first and last
 * requests are part of it, since no tool says which of them it left out.
 */
export async function comparePeer(name: PeerName, cell: Cell, home: PeerHome): Promise<ToolCell> {
  const concurrency = cell.load.concurrency ?? 1
  const { requests } = cell.load
  const reference = await startReferenceProcess(cell.flags, signal)
  try {
    const run = await runPeer(
      name,
      {
        origin: reference.origin,
        api: 'openai-completions',
        model: 'reference',
        promptTokens,
        outputTokens,
        concurrency,
        requests,
        streaming: true,
        requestTimeoutSeconds: 60,
        timeLimitSeconds,
      },
      home,
    )
    const truth = truthOf(await reference.log(signal))
    return {
      tool: run.peer,
      concurrency,
      requests,
      ttftErrorMs: minus(run.ttftMs, truth.ttftMs),
      tpotErrorMs: minus(run.tpotMs, truth.tpotMs),
      latencyErrorMs: minus(run.e2eMs, truth.latencyMs),
      requestsPerSecond: run.requestsPerSecond,
      cpuSeconds: run.cpuSeconds,
      cpuSecondsPer1000: null,
      memoryPeakMiB: run.memoryPeakMiB,
      wallSeconds: run.wallSeconds,
    }
  } finally {
    await reference.stop()
  }
}

/** The same with a second, shorter run, so that the cost of a request is told without that of the start. */
export async function comparePeerBySlope(name: PeerName, cell: Cell, home: PeerHome): Promise<ToolCell> {
  const whole = await comparePeer(name, cell, home)
  const requests = Math.round(cell.load.requests / 4)
  const part = await comparePeer(name, { ...cell, load: { ...cell.load, requests } }, home)
  if (whole.cpuSeconds === null || part.cpuSeconds === null) return whole
  const slope = (whole.cpuSeconds - part.cpuSeconds) / (whole.requests - requests)
  return { ...whole, cpuSecondsPer1000: slope * 1000 }
}

/** Our own figures of a cell in the same words: reported minus true, by figure. */
export function asToolCell(cell: CellResult, wallSeconds: number): ToolCell {
  return {
    tool: ours,
    concurrency: cell.concurrency ?? 1,
    requests: cell.requests,
    ttftErrorMs: cell.errors?.ttftMs ?? {},
    tpotErrorMs: cell.errors?.tpotMs ?? {},
    latencyErrorMs: cell.errors?.latencyMs ?? {},
    requestsPerSecond: cell.requestsPerSecond,
    cpuSeconds: (cell.cpuSecondsPer1000 * cell.requests) / 1000,
    cpuSecondsPer1000: cell.cpuSecondsPer1000,
    memoryPeakMiB: cell.rssPeakMiB,
    wallSeconds,
  }
}

type Truth = Record<'ttftMs' | 'tpotMs' | 'latencyMs', Figures>

function truthOf(log: readonly LoggedRequest[]): Truth {
  const whole = log.filter(({ askedTokens, tokens }) => askedTokens === outputTokens && tokens === outputTokens)
  const of = (value: (request: LoggedRequest) => number): Figures => {
    const values = whole.map(value)
    const mean = values.reduce((sum, ms) => sum + ms, 0) / values.length
    const rank = (fraction: number): number => nearestRank(values, fraction) ?? Number.NaN
    return { mean, median: rank(0.5), p99: rank(0.99) }
  }
  const first = ({ firstTokenMs }: LoggedRequest): number => firstTokenMs ?? Number.NaN
  const last = ({ lastTokenMs }: LoggedRequest): number => lastTokenMs ?? Number.NaN
  return {
    ttftMs: of((request) => first(request) - request.arrivalMs),
    tpotMs: of((request) => (last(request) - first(request)) / (outputTokens - 1)),
    latencyMs: of((request) => last(request) - request.arrivalMs),
  }
}

function minus(reported: Spread, truth: Figures): Partial<Figures> {
  const entries = (['mean', 'median', 'p99'] as const).flatMap((name) => {
    const value = reported[name]
    return value === null ? [] : [[name, value - truth[name]] as const]
  })
  return Object.fromEntries(entries)
}
