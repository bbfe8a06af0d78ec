import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type LoggedRequest, monotonicMs } from '../../src/reference-server/index.ts'
import { gapMs, outputTokens, promptTokens, ttftMs } from './cells.ts'

const dist = resolve(import.meta.dirname, '..', '..', 'dist')
const program = join(dist, 'cli', 'index.js')
const lookEveryMs = 50

/** One run of the bundled `llm-perf run`, as a user would start it. */
export interface CommandRun {
  /** From the start of the command to the arrival of its first request for text at the server that it has started. */
  readonly firstRequestSeconds: number
  /** Null where the system does not say. */
  readonly rssPeakMiB: number | null
}

/** Runs the bundle against a reference server: one trial of one scenario. */
export async function runCommand(concurrency: number, requests: number): Promise<CommandRun> {
  const folder = mkdtempSync(join(tmpdir(), 'llm-perf-command-'))
  try {
    const log = join(folder, 'log.jsonl')
    writeFileSync(join(folder, 'llm-perf.yml'), configuration(log, concurrency, requests))
    const startedMs = monotonicMs()
    const args = [program, 'run', '--trials', '1']
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
    let complaint = ''
    child.stderr.on('data', (text) => {
      complaint += text
    })
    let rssPeakMiB: number | null = null
    const looking = setInterval(() => {
      rssPeakMiB = peakOf(child.pid) ?? rssPeakMiB
    }, lookEveryMs)
    await once(child, 'close')
    clearInterval(looking)
    const [first] = readFileSync(log, 'utf8').split('\n')
    if (!first) throw new Error(`llm-perf run sent no request: ${complaint}`)
    return { firstRequestSeconds: ((JSON.parse(first) as LoggedRequest).arrivalMs - startedMs) / 1000, rssPeakMiB }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Largest resident memory so far: proc_pid_status(5). */
function peakOf(pid: number | undefined): number | null {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? null : Number(kilobytes) / 1024
  } catch {
    return null
  }
}

function configuration(log: string, concurrency: number, requests: number): string {
  const timing = ['--ttft-ms', String(ttftMs), '--gap-ms', String(gapMs)]
  const command = [
    process.execPath,
    join(dist, 'reference-server', 'index.js'),
    '--port',
    '{{port}}',
    ...timing,
    '--log',
    log,
  ]
  return `version: 1
server: { command: ${JSON.stringify(command)}, ready: { path: /health } }
api: { type: openai-completions }
scenarios:
  - prompt-tokens: ${promptTokens}
    output-tokens: ${outputTokens}
    concurrency: ${concurrency}
    requests: ${requests}
`
}
