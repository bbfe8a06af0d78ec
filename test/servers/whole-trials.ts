import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import type { ServerStart } from '../../scripts/servers/index.ts'
import { silentLog } from '../../src/log.ts'
import { runTrial } from '../../src/measure/trial.ts'
import type { ApiConfig } from '../../src/model/config.ts'
import type { RequestRecord } from '../../src/model/request.ts'
import type { OwnedProcess } from '../../src/server/index.ts'
import { noAbort, scenarioOf } from '../load/load-setup.ts'
import { Place, serverConfig } from './real-server.ts'

const cli = resolve(import.meta.dirname, '../../src/cli.ts')

/** Killed in the middle of a trial: a finding with signal and log, and nothing of it is left. */
export function promiseFindingOnKill(start: ServerStart, api: ApiConfig): void {
  test('kill -9 while it streams ends the trial with the finding server-died, and leaves no process', async () => {
    await using place = await Place.open()
    const owned: OwnedProcess[] = []
    let isKilled = false
    const kill = (): void => {
      if (!isKilled) process.kill(owned[0]?.pid ?? Number.NaN, 'SIGKILL')
      isKilled = true
    }
    const scenario = scenarioOf({ promptTokens: 64, outputTokens: 200, requests: 20 })
    const { record, requests } = await runTrial(
      { id: 'h1', side: 'head', stage: 'screen', pair: null, order: 0, scenarios: [scenario] },
      { side: 'head', commit: null, root: place.folder, server: serverConfig(start) },
      {
        load: { api, scenarios: [scenario], prompts: {}, requestTimeoutSeconds: 120, seed: 1, compareOutputs: true },
        marker: place.marker,
        logFile: () => join(place.folder, 'server.log'),
        signal: noAbort,
        onSpawn: (process) => owned.push(process),
        log: { ...silentLog, progress: kill },
        targets: new Map(),
      },
    )
    expect(record.findings).toMatchObject([{ code: 'server-died', scenario: null }])
    expect(record.findings[0]?.message).toContain('SIGKILL')
    const failed = requests.filter(({ outcome }) => outcome !== 'ok')
    expect(failed.length).toBeGreaterThan(0)
    for (const { outcome, outputTokens } of requests) if (outcome === 'ok') expect(outputTokens).toBe(200)
  })
}

/** What a user does: a configuration file, and `llm-perf run` in its folder. */
export function promiseWholeRun(start: ServerStart, api: Readonly<Record<string, unknown>>): void {
  test(`llm-perf run measures it by ${api.type} from the configuration file alone, and leaves no process`, async () => {
    await using place = await Place.open()
    const scenarios = [
      { name: 'streamed', 'prompt-tokens': 128, 'output-tokens': 16, concurrency: 2, requests: 12 },
      { name: 'whole', 'prompt-tokens': 300, 'output-tokens': 8, concurrency: 1, requests: 8, streaming: false },
    ]
    const config = {
      version: 1,
      server: {
        command: start.command,
        env: { ...start.env, [markerVariable]: place.marker },
        ready: { path: start.readyPath, 'timeout-seconds': start.readyTimeoutSeconds },
        'stop-grace-seconds': start.stopGraceSeconds,
      },
      api,
      scenarios,
    }
    await writeFile(join(place.folder, 'llm-perf.yml'), stringify(config))
    const { code, output } = await execute([cli, 'run', '--trials', '1', '--out', 'recording'], place.folder)
    expect(output).toMatch(/streamed.*tokens\/s/)
    expect(code, output).toBe(0)
    const lines = (await readFile(join(place.folder, 'recording/head/requests.jsonl'), 'utf8')).trim().split('\n')
    const records = lines.map((line) => JSON.parse(line) as RequestRecord)
    const of = (name: string) => records.filter(({ scenario }) => scenario === name)
    expect([of('streamed').length, of('whole').length]).toEqual([12, 8])
    expect(new Set(of('streamed').map((record) => `${record.outcome} ${record.outputTokens}`))).toEqual(
      new Set(['ok 16']),
    )
    expect(new Set(of('whole').map((record) => `${record.outcome} ${record.outputTokens}`))).toEqual(new Set(['ok 8']))
  })
}

/** Tells our processes from those of others when the run chooses its own marker. */
const markerVariable = 'LLM_PERF_TEST_PLACE'

async function execute(args: readonly string[], cwd: string): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += String(bytes)))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, output }
}
