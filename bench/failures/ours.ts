import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { connect, runScenario, type Target } from '../../src/load/index.ts'
import type { LoadConfig } from '../../src/model/config.ts'
import { noOverrides, parseConfig } from '../../src/plan/index.ts'
import {
  concurrency,
  type Fault,
  outputTokens,
  promptTokens,
  requests,
  requestTimeoutSeconds,
  sound,
} from './faults.ts'
import { serverFlags, startFaulty } from './faulty-server.ts'
import { apis, type Ending, type FailureApi, type Outcome, type ToolResult } from './result.ts'

const saidLength = 600
/** The probe of a new server, its calibration and the warm-up are more than these, so all that is measured is faulty. */
const setUpRequests = concurrency
const cli = resolve(import.meta.dirname, '..', '..', 'src', 'cli.ts')
const { signal } = new AbortController()

/** What our own tool makes of a fault: counts by the load generator itself, the ending by the real terminal command. */
export async function runOurs(fault: Fault): Promise<ToolResult> {
  const counted: Partial<Record<FailureApi, Outcome>> = {}
  for (const api of apis) counted[api] = await countOurs(fault, api)
  return { counted, ending: await runTerminal(fault) }
}

/** Every second answer of a real server has the fault: what the load generator counts. */
export async function countOurs(fault: Fault, api: FailureApi): Promise<Outcome> {
  const load = loadConfig(fault, api)
  const [scenario] = load.scenarios
  if (!scenario) throw new Error('The configuration has no scenario.')
  const timeoutMs = load.requestTimeoutSeconds * 1000
  const target = await connectSoundly(load, timeoutMs)
  // The warm-up comes first: one request for each that is kept in flight.
  await using server = await startFaulty(fault, { every: 2, after: concurrency })
  const startedMs = performance.now()
  const { records } = await runScenario({
    target: { ...target, origin: server.origin },
    scenario,
    trial: 't1',
    seed: load.seed,
    requestTimeoutMs: timeoutMs,
    nowMs: () => performance.now() - startedMs,
    signal,
  })
  const successes = records.filter(({ outcome }) => outcome === 'ok').length
  return { successes, failures: records.length - successes }
}

/** The set-up asks a sound server of the same kind, so that the faulty one sees warm-up and measured requests only. */
async function connectSoundly({ api }: LoadConfig, timeoutMs: number): Promise<Target> {
  await using server = await startFaulty(sound, { every: 2, after: 0 })
  return await connect(server.origin, api, { signal, timeoutMs })
}

/** `llm-perf run`, as a user would type it, on a server that starts well and then answers nothing soundly. */
async function runTerminal(fault: Fault): Promise<Ending> {
  const folder = mkdtempSync(join(tmpdir(), 'llm-perf-failures-'))
  try {
    writeFileSync(join(folder, 'llm-perf.yml'), configText(fault, 'openai-completions'))
    const child = spawn(process.execPath, [cli, 'run', '--trials', '1'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-saidLength)
    })
    const [exitCode] = (await once(child, 'close')) as [number | null]
    return { exitCode, said: said.trim() }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function loadConfig(fault: Fault, api: FailureApi): LoadConfig {
  return parseConfig(configText(fault, api), 'llm-perf.yml', noOverrides).load
}

/** llm-perf.yml; YAML takes JSON as it is. */
function configText(fault: Fault, api: FailureApi): string {
  const flags = serverFlags(fault, { every: 1, after: setUpRequests })
  return JSON.stringify({
    version: 1,
    server: {
      command: [process.execPath, cli, 'reference-server', '--port', '{{port}}', ...flags],
      ready: { path: '/health', 'timeout-seconds': 30 },
    },
    api: { type: api },
    load: { 'request-timeout-seconds': requestTimeoutSeconds },
    scenarios: [
      { name: 'faults', 'prompt-tokens': promptTokens, 'output-tokens': outputTokens, concurrency, requests },
    ],
  })
}
