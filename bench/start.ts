import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { median, quantile } from 'simple-statistics'

/**
 * Cold start: from the spawn of `node dist/index.js` to its first line of output, and to the end of the process, which
 * refuses at once since it is given no inputs. A bare Node that prints one line stands beside it, run by turns.
 *
 *     npm run bench:start -- [--runs 30] [--json]
 */
const { values } = parseArgs({ options: { runs: { type: 'string', default: '30' }, json: { type: 'boolean' } } })
const runs = Number(values.runs)
const dist = resolve(import.meta.dirname, '..', 'dist')
const folder = mkdtempSync(join(tmpdir(), 'llm-perf-start-'))

interface Start {
  readonly firstLineMs: number
  readonly endMs: number
}

function start(args: readonly string[]): Promise<Start> {
  const spawnedMs = performance.now()
  let firstLineMs = Number.NaN
  const env = { PATH: process.env.PATH ?? '', RUNNER_TEMP: folder }
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'ignore'] })
  child.stdout.once('data', () => {
    firstLineMs = performance.now() - spawnedMs
  })
  return new Promise((done) => child.once('close', () => done({ firstLineMs, endMs: performance.now() - spawnedMs })))
}

const contenders: Readonly<Record<string, readonly string[]>> = {
  'bare node': ['-e', 'console.log(1)'],
  'dist/index.js': [join(dist, 'index.js')],
  'dist/post/index.js': [join(dist, 'post', 'index.js')],
  'dist/cli/index.js --version': [join(dist, 'cli', 'index.js'), '--version'],
}
const starts = new Map<string, Start[]>(Object.keys(contenders).map((name) => [name, []]))
for (let run = 0; run < runs; run++) {
  for (const [name, args] of Object.entries(contenders)) starts.get(name)?.push(await start(args))
}
rmSync(folder, { recursive: true })

const results = [...starts].map(([name, measured]) => ({
  name,
  runs,
  firstLineMedianMs: median(measured.map(({ firstLineMs }) => firstLineMs)),
  firstLineP90Ms: quantile(
    measured.map(({ firstLineMs }) => firstLineMs),
    0.9,
  ),
  wholeProcessMedianMs: median(measured.map(({ endMs }) => endMs)),
}))
if (values.json) console.log(JSON.stringify(results))
else console.table(results.map(({ name, ...figures }) => ({ name, ...round(figures) })))

function round(figures: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).map(([key, value]) => [key, Math.round(value)]))
}
