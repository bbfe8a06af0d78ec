import { ActionError } from '../errors.ts'
import { askGreedily, connect, requestOneToken, runScenario, type Target } from '../load/index.ts'
import type { Log } from '../log.ts'
import type { LoadConfig } from '../model/config.ts'
import type { TrialOutputs } from '../model/outputs.ts'
import type { ScenarioWindow, TrialRecord } from '../model/recording.ts'
import type { RequestRecord } from '../model/request.ts'
import type { Scenario } from '../model/scenario.ts'
import type { ServerMetrics } from '../model/telemetry.ts'
import type { Finding, Side, Stage } from '../model/trial.ts'
import { type OwnedProcess, type RunningServer, startServer } from '../server/index.ts'
import { type ServerCounters, startSampler, watchServerCounters } from '../telemetry/index.ts'
import { serverDiedFinding } from './server-died.ts'
import type { MeasuredSide } from './side.ts'
import { windowNotes } from './window-notes.ts'

/** What a trial shall do. */
export interface TrialOrder {
  readonly id: string
  readonly side: Side
  readonly stage: Stage
  readonly pair: number | null
  readonly order: number
  readonly scenarios: readonly Scenario[]
}

/** What every trial of a run shares. */
export interface TrialSurroundings {
  readonly load: LoadConfig
  /** Written into the environment of every process we start, so that leftovers can be found. */
  readonly marker: string
  readonly logFile: (order: TrialOrder) => string
  readonly signal: AbortSignal
  readonly onSpawn: (owned: OwnedProcess) => void
  readonly log: Log
  /** What was found out about each side's server (model, tokenizer): it stays true from start to start. */
  readonly targets: Map<Side, Target>
  /** Called when the server is ready and not yet loaded. */
  readonly onReady?: () => Promise<void>
  /** Path or name of the tool that watches the GPU; left out: `nvidia-smi`. */
  readonly nvidiaSmi?: string
}

export interface MeasuredTrial {
  readonly record: TrialRecord
  readonly requests: readonly RequestRecord[]
}

/**
 * One trial: server start, warm-up and one pass through the scenarios, server stop. The server is stopped on every way
 * out. A server that dies is a finding: the trial is recorded, and can never become a verdict.
 *
 * @throws ActionError `invalid` when the server never became ready, `cancelled` when the signal fired.
 */
export async function runTrial(
  order: TrialOrder,
  side: MeasuredSide,
  around: TrialSurroundings,
): Promise<MeasuredTrial> {
  const startedAt = new Date().toISOString()
  const zeroMs = performance.now()
  let server: RunningServer | undefined
  // Before the server: what the GPU holds while nothing of ours runs is the zero of its memory.
  const sampler = await startSampler({
    serverRssMiB: () => server?.rssMiB() ?? null,
    ownedPids: () => (server ? [server.pid] : []),
    ...(around.nvidiaSmi === undefined ? {} : { nvidiaSmi: around.nvidiaSmi }),
  })
  try {
    server = await start(order, side, around)
    await around.onReady?.()
    const pass = new Pass(order, server, around, () => performance.now() - zeroMs)
    await pass.through()
    const telemetry = { ...(await sampler.stop(pass.load(zeroMs))), serverMetrics: pass.serverMetrics }
    const { stopMs } = await server.stop()
    const { scenarios: _planned, ...identity } = order
    const { startupMs } = server
    const durationMs = performance.now() - zeroMs
    const { windows, findings, requests, outputs } = pass
    const record = { ...identity, startedAt, startupMs, durationMs, stopMs, windows, telemetry, findings }
    return { record: outputs === null ? record : { ...record, outputs }, requests }
  } finally {
    await server?.stop({ hurry: around.signal.aborted })
    await sampler.stop()
  }
}

function start(order: TrialOrder, side: MeasuredSide, around: TrialSurroundings): Promise<RunningServer> {
  const { load, marker, signal, onSpawn, log } = around
  const timeoutMs = load.requestTimeoutSeconds * 1000
  return startServer({
    config: side.server,
    root: side.root,
    logFile: around.logFile(order),
    marker,
    probe: (origin, probeSignal) => requestOneToken(origin, load.api, { signal: probeSignal, timeoutMs }),
    signal,
    onSpawn,
    log: log.info,
  })
}

/** One pass through the scenarios on a running server. */
class Pass {
  readonly windows: ScenarioWindow[] = []
  readonly requests: RequestRecord[] = []
  readonly findings: Finding[] = []
  /** By scenario. */
  readonly serverMetrics: Record<string, ServerMetrics> = {}
  outputs: TrialOutputs | null = null
  readonly #counters: ServerCounters
  readonly #order: TrialOrder
  readonly #server: RunningServer
  readonly #around: TrialSurroundings
  readonly #nowMs: () => number

  constructor(order: TrialOrder, server: RunningServer, around: TrialSurroundings, nowMs: () => number) {
    this.#order = order
    this.#server = server
    this.#around = around
    this.#nowMs = nowMs
    this.#counters = watchServerCounters(server.origin, around.signal)
  }

  /** When requests were under way, by `performance.now()`; undefined: never. */
  load(zeroMs: number): { fromMs: number; toMs: number } | undefined {
    const [first, last] = [this.windows[0], this.windows.at(-1)]
    if (!first || !last) return undefined
    return { fromMs: zeroMs + first.startMs - first.warmupMs, toMs: zeroMs + last.endMs }
  }

  async through(): Promise<void> {
    const { signal: cancelled } = this.#around
    const death = new AbortController()
    void this.#server.died.then(() => death.abort(new ActionError('invalid', 'The server died.', 'See its log.')))
    const signal = AbortSignal.any([cancelled, death.signal])
    let scenario: Scenario | undefined
    let broken: unknown
    try {
      const target = await this.#target(signal)
      await this.#askGreedily(target, signal)
      for (const next of this.#order.scenarios) {
        if (signal.aborted) break
        scenario = next
        await this.#measure(scenario, target, signal)
      }
    } catch (error) {
      broken = error
    }
    cancelled.throwIfAborted()
    // Connections break before the exit is known: give it a moment before anything else is blamed.
    const hasFailures = broken !== undefined || this.requests.some(({ outcome }) => outcome !== 'ok')
    const died = await within(this.#server.died, hasFailures ? deathNoticeMs : 0)
    if (died) this.findings.push(serverDiedFinding(died, scenario, this.requests.length))
    else if (broken !== undefined) throw broken
  }

  async #target(signal: AbortSignal): Promise<Target> {
    const { load, targets } = this.#around
    const { origin } = this.#server
    const known = targets.get(this.#order.side)
    const timeoutMs = load.requestTimeoutSeconds * 1000
    const target = known ? { ...known, origin } : await connect(origin, load.api, { signal, timeoutMs })
    targets.set(this.#order.side, target)
    return target
  }

  async #askGreedily(target: Target, signal: AbortSignal): Promise<void> {
    if (!this.#around.load.compareOutputs) return
    this.outputs = await askGreedily(target, { signal })
    // The first scenario is not to blame for a server that this has killed.
    if (this.outputs?.answers.includes(null)) await within(this.#server.died, deathNoticeMs)
  }

  async #measure(scenario: Scenario, target: Target, signal: AbortSignal): Promise<void> {
    const { load, log } = this.#around
    const { id } = this.#order
    await this.#counters.begin()
    const run = await runScenario({
      target,
      scenario,
      ownPrompts: scenario.prompts === null ? [] : (load.prompts[scenario.prompts.file] ?? []),
      trial: id,
      seed: load.seed,
      requestTimeoutMs: load.requestTimeoutSeconds * 1000,
      nowMs: this.#nowMs,
      signal,
      onProgress: (done, total) => log.progress(`${id}: ${scenario.name} ${done}/${total}`),
    })
    // One by one: as arguments of one call, a hundred thousand of them overflow the stack.
    for (const record of run.records) this.requests.push(record)
    this.windows.push(run.window)
    for (const note of windowNotes(scenario, run.window)) log.info(`${id}: ${note}`)
    const counted = await this.#counters.end(run.records)
    if (counted) this.serverMetrics[scenario.name] = counted
  }
}

const deathNoticeMs = 250

/** The value of a promise, or null when it does not come in time. */
async function within<T>(promise: Promise<T>, timeoutMs: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), timeoutMs)
  })
  try {
    return await Promise.race([promise, timeout])
  } finally {
    clearTimeout(timer)
  }
}
