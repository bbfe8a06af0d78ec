import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** One line for a GPU: its cells by field name (`grows:5`: 5 more with each look), or the line as it is. */
export type Row = Readonly<Record<string, string>> | string

/** How a driver's tool answers. */
export interface FakeTool {
  /** Field names that `--help-query-gpu` lists. */
  readonly fields?: readonly string[]
  /** Prefix of the throttle reasons in the help and in queries; null: this driver has none. */
  readonly reasons?: 'clocks_event_reasons' | 'clocks_throttle_reasons' | null
  /** Fields that the help lists, and a query is refused for. */
  readonly refuses?: readonly string[]
  /** What each look prints, a line a GPU. */
  readonly gpus?: readonly Row[]
  /** What looks print from the second on. */
  readonly laterGpus?: readonly Row[]
  /** Lines of --query-compute-apps. */
  readonly apps?: readonly string[]
  /** Printed instead of any answer, with this exit code. */
  readonly failure?: { readonly text: string; readonly code: number }
  /** Never answers, and does not heed SIGTERM. */
  readonly hangsOn?: '--help' | '--query-gpu' | 'everything'
  /** Ends after so many looks. */
  readonly looks?: number
  /** Stays, but says nothing more after so many looks, and does not heed SIGTERM. */
  readonly silentAfter?: number
  readonly lineEnd?: '\n' | '\r\n'
}

const folder = mkdtempSync(join(tmpdir(), 'llm-perf-smi-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let count = 0

/** An RTX 2060 at work, as driver 550 describes it. */
export const rtx2060: Readonly<Record<string, string>> = {
  index: '0',
  name: 'NVIDIA GeForce RTX 2060',
  driver_version: '550.120',
  'memory.total': '6144',
  'memory.used': '3421',
  'utilization.gpu': '97',
  'clocks.sm': '1830',
  'clocks.mem': '7000',
  'temperature.gpu': '67',
  'power.draw': '148.21',
  'enforced.power.limit': '160.00',
  pstate: 'P0',
}

/** What drivers from 550 on count, in microseconds. */
export const counterFields = [
  'sw_power_cap',
  'sync_boost',
  'sw_thermal_slowdown',
  'hw_thermal_slowdown',
  'hw_power_brake_slowdown',
].map((reason) => `clocks_event_reasons_counters.${reason}`)

const reasonNames = [
  'hw_slowdown',
  'hw_thermal_slowdown',
  'hw_power_brake_slowdown',
  'sw_thermal_slowdown',
  'sw_power_cap',
]

/** Writes an executable that behaves as described, and gives its path. */
export function fakeNvidiaSmi(tool: FakeTool): string {
  const path = join(folder, `nvidia-smi-${count++}`)
  const prefix = tool.reasons === undefined ? 'clocks_event_reasons' : tool.reasons
  const fields = [
    ...(tool.fields ?? Object.keys(rtx2060)),
    ...(prefix ? reasonNames.map((name) => `${prefix}.${name}`) : []),
  ]
  const gpus = tool.gpus ?? [rtx2060]
  const facts = { lineEnd: '\n', refuses: [], laterGpus: gpus, ...tool, fields, gpus, apps: tool.apps ?? [] }
  writeFileSync(
    path,
    `#!${process.execPath}\nconst tool = ${JSON.stringify(facts)};\n(${behave.toString()})(tool, process)\n`,
  )
  chmodSync(path, 0o755)
  return path
}

/** Runs inside the executable. */
function behave(tool: Required<FakeTool> & { fields: string[] }, self: NodeJS.Process): void {
  const print = (line: string) => self.stdout.write(line + tool.lineEnd)
  const args = self.argv.slice(2)
  const query = args.find((arg) => arg.startsWith('--query-')) ?? ''
  const interval = Number(args.find((arg) => arg.startsWith('--loop-ms='))?.split('=')[1] ?? 0)
  const ignoreTheEnd = () => {
    self.on('SIGTERM', () => {})
    setInterval(() => {}, 1000)
  }
  if (tool.hangsOn === 'everything' || (tool.hangsOn && args.some((arg) => arg.startsWith(tool.hangsOn)))) {
    ignoreTheEnd()
    return
  }
  if (tool.failure) {
    print(tool.failure.text)
    self.exit(tool.failure.code)
  }
  if (args[0] === '--help-query-gpu') {
    print('List of valid properties to query for the switch "--query-gpu=":\n')
    for (const field of tool.fields) print(`"${field}"\nWhat the field means.\n`)
    return
  }
  const asked = query.slice(query.indexOf('=') + 1).split(',')
  const isUnknown = (field: string) => !tool.fields.includes(field) || tool.refuses.includes(field)
  const unknown = query.startsWith('--query-gpu') && asked.find(isUnknown)
  if (unknown) {
    print(`Field "${unknown}" is not a valid field to query.`)
    self.exit(2)
  }
  let looks = 0
  const rowOf = (gpu: Row) =>
    typeof gpu === 'string' ? gpu : asked.map((field) => cellOf(gpu[field] ?? 'Not Active')).join(', ')
  const cellOf = (cell: string) => (cell.startsWith('grows:') ? String(looks * Number(cell.slice(6))) : cell)
  const look = () => {
    if (looks === tool.silentAfter) return
    if (query.startsWith('--query-compute-apps')) for (const app of tool.apps) print(app)
    else for (const gpu of looks === 0 ? tool.gpus : tool.laterGpus) print(rowOf(gpu))
    looks += 1
    if (looks === tool.looks) self.exit(0)
  }
  if (tool.silentAfter) ignoreTheEnd()
  look()
  if (interval > 0) setInterval(look, interval)
}
