import { parseArgs } from 'node:util'
import { median } from 'simple-statistics'
import {
  clientErrors,
  loadReference,
  pairUp,
  type ReferenceLoad,
  startReferenceProcess,
} from '../../src/load/calibration/index.ts'
import { gapMs, outputTokens, promptTokens, ttftMs } from './cells.ts'
import { Ticker } from './ticker.ts'

/**
 * A long load in slices, as trials follow each other in a long job. Memory must stay flat within 10 %, no socket may be
 * left after a slice, timers and errors must not drift by a millisecond, and no request may fail. Exits 1 otherwise.
 *
 *     npm run bench:soak -- [--minutes 60] [--streams 50] [--gap-ms 10] [--json]
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    streams: { type: 'string', default: '50' },
    'gap-ms': { type: 'string', default: String(gapMs) },
    json: { type: 'boolean' },
  },
})
const minutes = Number(values.minutes)
const streams = Number(values.streams)
const sliceSeconds = Math.min(60, (minutes * 60) / 12)
const sampleEveryMs = 1000
const { signal } = new AbortController()

interface Slice {
  readonly requests: number
  readonly failed: number
  readonly rssMiB: number
  /** TCP sockets of this process once the slice is over. */
  readonly socketsLeft: number
  readonly ttftErrorMedianMs: number
  readonly tickLateMedianMs: number
}

const slices: Slice[] = []
const ticker = new Ticker()
const reference = await startReferenceProcess(['--ttft-ms', String(ttftMs), '--gap-ms', values['gap-ms']], signal)
const endMs = performance.now() + minutes * 60_000
while (performance.now() < endMs) {
  const slice = await runSlice(slices.length)
  slices.push(slice)
  console.error(
    `slice ${slices.length}: ${slice.requests} requests, ${slice.failed} failed, ${slice.rssMiB.toFixed(0)} MiB, ${slice.socketsLeft} sockets left, TTFT error ${slice.ttftErrorMedianMs.toFixed(2)} ms, ticks ${slice.tickLateMedianMs.toFixed(2)} ms late`,
  )
}
ticker.stop()
await reference.stop()

const verdict = judge()
if (values.json) console.log(JSON.stringify({ schema: 'llm-perf-bench-soak/1', minutes, streams, verdict, slices }))
else
  for (const { what, figure, limit, isMet } of verdict)
    console.log(`${isMet ? 'met   ' : 'MISSED'} ${what}: ${figure} (${limit})`)
if (verdict.some(({ isMet }) => !isMet)) process.exitCode = 1

async function runSlice(index: number): Promise<Slice> {
  const load: ReferenceLoad = {
    name: `soak-${index}`,
    promptTokens,
    outputTokens,
    concurrency: streams,
    requests: streams,
    minSeconds: sliceSeconds,
  }
  const ticksBefore = ticker.latenessMs.length
  const rssMiB: number[] = []
  const sampler = setInterval(() => rssMiB.push(process.memoryUsage.rss() / 2 ** 20), sampleEveryMs)
  const run = await loadReference(reference, load, signal)
  clearInterval(sampler)
  const pairs = await pairUp(reference, load, run, signal)
  await reference.clearLog(signal)
  await new Promise((resolve) => setTimeout(resolve, 100))
  return {
    requests: run.records.length,
    failed: run.records.filter(({ outcome }) => outcome !== 'ok').length,
    rssMiB: median(rssMiB),
    socketsLeft: process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length,
    ttftErrorMedianMs: median([...clientErrors(pairs).ttftMs]),
    tickLateMedianMs: median(ticker.latenessMs.slice(ticksBefore)),
  }
}

/** The last quarter against the second one: in the first, code is compiled and the heap grows to its size. */
function judge() {
  const quarter = Math.max(1, Math.floor(slices.length / 4))
  const middle = (value: (slice: Slice) => number): [number, number] => [
    median(slices.slice(quarter, 2 * quarter).map(value)),
    median(slices.slice(-quarter).map(value)),
  ]
  const [rssBefore, rssAfter] = middle(({ rssMiB }) => rssMiB)
  const growth = 100 * (rssAfter / rssBefore - 1)
  const drift = (value: (slice: Slice) => number): number => {
    const [before, after] = middle(value)
    return after - before
  }
  const row = (what: string, figure: number, unit: string, most: number) => ({
    what,
    figure: `${figure.toFixed(2)} ${unit}`.trim(),
    limit: `at most ${most} ${unit}`.trim(),
    isMet: figure <= most,
  })
  return [
    row('memory growth', growth, '%', 10),
    row('sockets left after a slice', Math.max(...slices.map(({ socketsLeft }) => socketsLeft)), '', 0),
    row('drift of timers', Math.abs(drift(({ tickLateMedianMs }) => tickLateMedianMs)), 'ms', 1),
    row('drift of the TTFT error', Math.abs(drift(({ ttftErrorMedianMs }) => ttftErrorMedianMs)), 'ms', 1),
    row(
      'failed requests',
      slices.reduce((sum, { failed }) => sum + failed, 0),
      '',
      0,
    ),
  ]
}
