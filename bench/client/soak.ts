import { fork } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { median } from 'simple-statistics'
import { clientErrors, pairUp, type ReferenceLoad, startReferenceProcess } from '../../src/load/calibration/index.ts'
import { gapMs, outputTokens, promptTokens, ttftMs } from './cells.ts'
import type { MemoryUse } from './memory.ts'
import type { SliceRun } from './soak-process.ts'

/**
 * A long load in slices, as trials follow each other in a long job, by a client in a process of its own. Its memory must
 * stay flat within 10 %, no socket may be left after a slice, timers and errors must not drift by a millisecond, and no
 * request may fail. Exits 1 otherwise.
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
/** What one measurement differs from the next. A kilobyte kept of each request comes to fifty times as much in an hour. */
const mostKeptMiB = 5
const { signal } = new AbortController()

interface Slice extends MemoryUse, Pick<SliceRun, 'socketsLeft' | 'tickLateMedianMs'> {
  readonly requests: number
  readonly failed: number
  readonly ttftErrorMedianMs: number
}

const slices: Slice[] = []
const reference = await startReferenceProcess(['--ttft-ms', String(ttftMs), '--gap-ms', values['gap-ms']], signal)
const client = fork(resolve(import.meta.dirname, 'soak-process.ts'), [reference.origin])
const clientEnd = new AbortController()
client.once('exit', () => clientEnd.abort(new Error('The load client has ended.')))
const endMs = performance.now() + minutes * 60_000
while (performance.now() < endMs) {
  const slice = await runSlice(slices.length)
  slices.push(slice)
  console.error(
    `slice ${slices.length}: ${slice.requests} requests, ${slice.failed} failed, ${describeMemory(slice)}, ${slice.socketsLeft} sockets left, TTFT error ${slice.ttftErrorMedianMs.toFixed(2)} ms, ticks ${slice.tickLateMedianMs.toFixed(2)} ms late`,
  )
}
client.disconnect()
await reference.stop()

const verdict = judge()
if (values.json) console.log(JSON.stringify({ schema: 'llm-perf-bench-soak/1', minutes, streams, verdict, slices }))
else
  for (const { what, figure, limit, isMet } of verdict)
    console.log(`${isMet ? 'met   ' : 'MISSED'} ${what}: ${figure} (${limit})`)
if (verdict.some(({ isMet }) => !isMet)) process.exitCode = 1

function describeMemory({ rssMiB, heapLeastMiB, heapReservedMiB, externalMiB }: MemoryUse): string {
  return `${rssMiB.toFixed(0)} MiB (objects ${heapLeastMiB.toFixed(1)} of ${heapReservedMiB.toFixed(0)} reserved, buffers ${externalMiB.toFixed(1)})`
}

/** Has the client run one slice, and holds what it recorded against the server's log. */
async function runSlice(index: number): Promise<Slice> {
  const load: ReferenceLoad = {
    name: `soak-${index}`,
    promptTokens,
    outputTokens,
    concurrency: streams,
    requests: streams,
    minSeconds: sliceSeconds,
  }
  client.send(load)
  const [{ records, memory, ...slice }] = (await once(client, 'message', { signal: clientEnd.signal })) as [SliceRun]
  const pairs = await pairUp(reference, load, { records }, signal)
  await reference.clearLog(signal)
  return {
    ...slice,
    ...memory,
    requests: records.length,
    failed: records.filter(({ outcome }) => outcome !== 'ok').length,
    ttftErrorMedianMs: median([...clientErrors(pairs).ttftMs]),
  }
}

/** The last quarter against the second one: in the first, code is compiled and the heap grows to its size. */
function judge() {
  const quarter = Math.max(1, Math.floor(slices.length / 4))
  const middle = (value: (slice: Slice) => number): [number, number] => [
    median(slices.slice(quarter, 2 * quarter).map(value)),
    median(slices.slice(-quarter).map(value)),
  ]
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
  const [rssBefore, rssAfter] = middle(({ rssMiB }) => rssMiB)
  const objects = drift(({ heapLeastMiB }) => heapLeastMiB)
  const buffers = drift(({ externalMiB }) => externalMiB)
  const sockets = Math.max(...slices.map(({ socketsLeft }) => socketsLeft))
  const timers = Math.abs(drift(({ tickLateMedianMs }) => tickLateMedianMs))
  const errors = Math.abs(drift(({ ttftErrorMedianMs }) => ttftErrorMedianMs))
  const failed = slices.reduce((sum, slice) => sum + slice.failed, 0)
  return [
    row('growth of memory (RSS)', 100 * (rssAfter / rssBefore - 1), '%', 10),
    // These two grow only by what is kept; the rest of RSS is what engine and system hold ready.
    row('growth of live objects', objects, 'MiB', mostKeptMiB),
    row('growth of buffers', buffers, 'MiB', mostKeptMiB),
    row('sockets left after a slice', sockets, '', 0),
    row('drift of timers', timers, 'ms', 1),
    row('drift of the TTFT error', errors, 'ms', 1),
    row('failed requests', failed, '', 0),
  ]
}
