import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** How a driver's tool answers. Rows are what it prints for one look, a line a GPU, by field name. */
export interface FakeTool {
  /** Field names that `--help-query-gpu` lists and queries accept. */
  readonly fields?: readonly string[]
  /** Prefix of the throttle reasons in the help and in queries. */
  readonly reasons?: 'clocks_event_reasons' | 'clocks_throttle_reasons' | null
  readonly gpus?: readonly Readonly<Record<string, string>>[]
  /** Lines of --query-compute-apps. */
  readonly apps?: readonly string[]
  /** Printed instead of any answer, with this exit code. */
  readonly failure?: { readonly text: string; readonly code: number }
  /** Never answers, and does not heed SIGTERM. */
  readonly hangsOn?: '--help' | '--query-gpu' | 'everything'
  /** Ends after so many looks. */
  readonly looks?: number
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
  'clocks.sm': '1830',
  'temperature.gpu': '67',
  'power.draw': '148.21',
}

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
  const facts = { ...tool, fields, gpus: tool.gpus ?? [rtx2060], apps: tool.apps ?? [] }
  writeFileSync(
    path,
    `#!${process.execPath}\nconst tool = ${JSON.stringify(facts)};\n(${behave.toString()})(tool, process)\n`,
  )
  chmodSync(path, 0o755)
  return path
}

/** Runs inside the executable. */
function behave(tool: Required<FakeTool> & { fields: string[] }, self: NodeJS.Process): void {
  const args = self.argv.slice(2)
  const query = args.find((arg) => arg.startsWith('--query-')) ?? ''
  const interval = Number(args.find((arg) => arg.startsWith('--loop-ms='))?.split('=')[1] ?? 0)
  if (tool.hangsOn === 'everything' || (tool.hangsOn && args.some((arg) => arg.startsWith(tool.hangsOn)))) {
    self.on('SIGTERM', () => {})
    setInterval(() => {}, 1000)
    return
  }
  if (tool.failure) {
    console.log(tool.failure.text)
    self.exit(tool.failure.code)
  }
  if (args[0] === '--help-query-gpu') {
    console.log('List of valid properties to query for the switch "--query-gpu=":\n')
    for (const field of tool.fields) console.log(`"${field}"\nWhat the field means.\n`)
    return
  }
  const asked = query.slice(query.indexOf('=') + 1).split(',')
  const unknown = query.startsWith('--query-gpu') && asked.find((field) => !tool.fields.includes(field))
  if (unknown) {
    console.log(`Field "${unknown}" is not a valid field to query.`)
    self.exit(2)
  }
  let looks = 0
  const look = () => {
    if (query.startsWith('--query-compute-apps')) for (const app of tool.apps) console.log(app)
    else for (const gpu of tool.gpus) console.log(asked.map((field) => gpu[field] ?? 'Not Active').join(', '))
    if (++looks === tool.looks) self.exit(0)
  }
  look()
  if (interval > 0) setInterval(look, interval)
}
