import { parseArgs } from 'node:util'
import { toolVersion } from '../../src/version.ts'
import { parsePeerNames, peers } from '../peers/index.ts'
import { installPeers } from '../peers/install.ts'
import { titleOf } from '../peers/peer.ts'
import { type Fault, faults, requests, soundAnswers } from './faults.ts'
import { runOurs } from './ours.ts'
import { type FailureMatrix, findMissed, ours, type Row, type ToolResult } from './result.ts'
import { failureTable } from './table.ts'
import { runTheirs } from './theirs.ts'

/**
 * What each tool counts as a success when a server answers wrongly, and how it ends when nothing valid was measured.
 * Exits 1 when our own tool misses a fault.
 *
 *     npm run bench:failures -- [--json] [--peers inference-perf,evalscope] [--only close,cut]
 */
const { values } = parseArgs({
  options: { json: { type: 'boolean' }, peers: { type: 'string' }, only: { type: 'string' } },
})
const peerNames = parsePeerNames(values.peers)
const home = await installPeers(peerNames)
const wanted = faults.filter(({ name }) => values.only?.split(',').includes(name) ?? true)

async function runRow(fault: Fault): Promise<Row> {
  const tools: Record<string, ToolResult> = { [ours]: await told(ours, fault, runOurs(fault)) }
  for (const name of peerNames) tools[name] = await told(name, fault, runTheirs(name, fault, home))
  return { fault: fault.name, title: fault.title, sound: soundAnswers(fault), tools }
}

async function told(tool: string, fault: Fault, result: Promise<ToolResult>): Promise<ToolResult> {
  const { counted, ending } = await result
  const counts = Object.values(counted).map((outcome) => outcome?.successes ?? 'no count')
  console.error(`${fault.name}: ${tool} counted ${counts.join(' / ')} of ${requests}, exit code ${ending.exitCode}`)
  return { counted, ending }
}

const rows: Row[] = []
for (const fault of wanted) rows.push(await runRow(fault))
const peerTitles = peerNames.map((name) => [name, titleOf(peers[name])])
const matrix: FailureMatrix = {
  schema: 'llm-perf-bench-failures/1',
  requests,
  tools: { [ours]: `${ours} ${toolVersion}`, ...Object.fromEntries(peerTitles) },
  rows,
}
const missed = findMissed(matrix)
if (values.json) console.log(JSON.stringify(matrix))
else for (const line of failureTable(matrix)) console.log(line.join(' | '))
for (const sentence of missed) console.error(`MISSED: ${sentence}`)
if (missed.length > 0 || rows.length === 0) process.exitCode = 1
