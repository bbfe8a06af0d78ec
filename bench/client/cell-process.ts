import { quantileSorted } from 'simple-statistics'
import {
  calibrateClient,
  clientErrors,
  loadReference,
  pairUp,
  startReferenceProcess,
  type TruthPair,
} from '../../src/load/calibration/index.ts'
import { plainLoad } from '../../src/model/scenario.ts'
import type { Cell } from './cells.ts'
import type { CellResult, Figures } from './result.ts'

/** Measures one cell and prints its result. The cell comes as JSON in the first argument. */
const { load, flags, isPaired } = JSON.parse(process.argv[2] ?? '') as Cell
const { signal } = new AbortController()

// As in a real run: the calibration comes first, and leaves the client's code warm.
await calibrateClient([{ ...plainLoad, streaming: true, ...load }], signal)
const reference = await startReferenceProcess(flags, signal)
try {
  const startedMs = performance.now()
  const cpuBefore = process.cpuUsage()
  const run = await loadReference(reference, load, signal)
  const cpu = process.cpuUsage(cpuBefore)
  const cpuSeconds = (cpu.user + cpu.system) / 1e6
  const loadSeconds = (performance.now() - startedMs) / 1000
  const rssPeakMiB = process.resourceUsage().maxRSS / 1024
  const pairs = isPaired ? await pairUp(reference, load, run, signal) : null
  const { records, window } = run
  const seconds = (window.endMs - window.startMs) / 1000
  const result: CellResult = {
    name: load.name,
    concurrency: load.concurrency,
    requests: records.length,
    failed: records.filter(({ outcome }) => outcome !== 'ok').length,
    errors: pairs && errorsOf(pairs),
    serverLateP99Ms: pairs && serverLate(pairs),
    requestsPerSecond: records.length / seconds,
    eventsPerSecond: records.reduce((sum, { chunks }) => sum + chunks, 0) / seconds,
    lagMs: figuresOf(records.map(({ scheduledMs, sentMs }) => (sentMs ?? Number.NaN) - scheduledMs)),
    cpuSecondsPer1000: (cpuSeconds / (records.length + window.warmupRequests)) * 1000,
    busy: cpuSeconds / loadSeconds,
    rssPeakMiB,
    loopDelayP99Ms: window.eventLoopDelayP99Ms,
  }
  console.log(JSON.stringify(result))
} finally {
  await reference.stop()
}

function errorsOf(pairs: readonly TruthPair[]): CellResult['errors'] {
  const { ttftMs, tpotMs, latencyMs } = clientErrors(pairs)
  return { ttftMs: figuresOf(ttftMs), tpotMs: figuresOf(tpotMs), latencyMs: figuresOf(latencyMs) }
}

function serverLate(pairs: readonly TruthPair[]): number {
  const asked = Number(flags[flags.indexOf('--ttft-ms') + 1])
  return figuresOf(pairs.map(({ truth }) => (truth.firstTokenMs ?? Number.NaN) - truth.arrivalMs - asked)).p99
}

function figuresOf(values: readonly number[]): Figures {
  const sorted = values.toSorted((a, b) => a - b)
  return {
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    median: quantileSorted(sorted, 0.5),
    p99: quantileSorted(sorted, 0.99),
  }
}
