import { parseArgs } from 'node:util'
import { toolVersion } from '../../src/version.ts'
import { parsePeerNames } from '../peers/index.ts'
import { installPeers } from '../peers/install.ts'
import { wholePercent } from '../percent.ts'
import { arriving, type Cell, mostEvents, mostRequests, outputTokens, paced } from './cells.ts'
import { type CommandRun, runCommand } from './command-run.ts'
import { asToolCell, comparePeer, comparePeerBySlope } from './compare.ts'
import { goalsOf } from './goals.ts'
import type { CellResult, ClientBench, Floor, ToolCell } from './result.ts'
import { runCell, runFloor } from './run-cell.ts'
import { comparedTable, goalTable } from './table.ts'

/**
 * What our load client is off by, and what it costs, against the reference server, whose own log is the truth. Peers run
 * in turn with ours on the same cells. Exits 1 when a goal is missed.
 *
 *     npm run bench:client -- [--json] [--quick] [--cells c1,c8,r100] [--peers inference-perf,evalscope]
 *
 * `--quick` takes a quarter of the requests. Figures count on a machine that does nothing else.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    quick: { type: 'boolean' },
    cells: { type: 'string' },
    peers: { type: 'string' },
  },
})
const share = values.quick ? 0.25 : 1
const peerNames = parsePeerNames(values.peers)
const home = await installPeers(peerNames)
const mostCompared = 64
const comparedStreams = [1, 8, mostCompared]
/** Cells whose figures are also those of the machine. */
const withFloor = ['c64', 'requests', 'events']
/** Tokens a request at 1000 requests/s: what one process can receive beside sending. */
const fewTokens = 4

const all: readonly Cell[] = [
  ...[1, 8, 64, 256].map((concurrency) => paced(concurrency, share)),
  arriving(100, outputTokens, 20 * share),
  arriving(1000, fewTokens, 10 * share),
  mostRequests(share),
  mostEvents(share, 1),
]
const wanted = values.cells?.split(',')
const cells: CellResult[] = []
const floors: Floor[] = []
const compared: ToolCell[] = []
for (const cell of all) {
  if (wanted && !wanted.includes(cell.load.name)) continue
  const startedMs = performance.now()
  const result = await runCell(cell)
  cells.push(result)
  console.error(describe(result))
  if (withFloor.includes(cell.load.name)) floors.push(await runFloor(cell))
  if (peerNames.length === 0 || !comparedStreams.includes(cell.load.concurrency ?? 0) || !cell.isPaired) continue
  compared.push(asToolCell(result, (performance.now() - startedMs) / 1000))
  for (const name of peerNames) {
    const compare = cell.load.concurrency === mostCompared ? comparePeerBySlope : comparePeer
    const peer = await compare(name, cell, home)
    compared.push(peer)
    console.error(`${peer.tool}, ${peer.concurrency} streams: ${peer.wallSeconds.toFixed(0)} s`)
  }
}

const commands: CommandRun[] = []
if (!wanted || wanted.includes('command')) {
  for (let run = 0; run < (values.quick ? 2 : 5); run += 1) commands.push(await runCommand(64, 192))
}
const goals = goalsOf(cells, commands, floors).filter(({ figure }) => !wanted || Number.isFinite(figure))
const bench: ClientBench = { schema: 'llm-perf-bench-client/1', toolVersion, cells, goals, compared }
if (values.json) console.log(JSON.stringify(bench))
else for (const rows of [goalTable(bench), ...(compared.length > 0 ? [comparedTable(bench)] : [])]) print(rows)
if (goals.length === 0 || goals.some(({ isMet }) => !isMet)) process.exitCode = 1

function print(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  for (const row of rows) console.log(row.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  '))
  console.log('')
}

function describe({ name, requests, failed, errors, cpuSecondsPer1000, busy, rssPeakMiB }: CellResult): string {
  const error = errors
    ? `TTFT error ${errors.ttftMs.median.toFixed(2)} ms, P99 ${errors.ttftMs.p99.toFixed(2)} ms, `
    : ''
  return `${name}: ${requests} requests, ${failed} failed, ${error}${cpuSecondsPer1000.toFixed(2)} CPU s per 1000, ${wholePercent(busy)} busy, ${rssPeakMiB.toFixed(0)} MiB`
}
