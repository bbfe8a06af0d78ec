import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { quantileSorted, sampleStandardDeviation } from 'simple-statistics'
import { formatInterval, formatSigned } from '../src/report/format.ts'
import { studentQuantile } from '../src/stats/student-t.ts'

/**
 * What the demo's slower pull request really costs, found by other means than the action's: fresh starts of the engine
 * by turns, a client of a few lines on node:http, non-streaming, and the plain P90 of each start. Prints the geometric
 * mean of the ratios with its 95 % interval, to be compared with the interval in the demo's comment.
 *
 *     npm run bench:truth -- [--pairs 30] [--guard-tokens N | --batch-size N] [--preset tiny] [--prompt-tokens 96] [--json]
 *
 * With --guard-tokens the guard reads only the first N tokens of each prompt; with --batch-size there is no guard, and the
 * slower side works through so few tokens at a time. The slower jobs of bench:aa are
 * `--guard-tokens 32 --preset nano --prompt-tokens 128` and the same with `--batch-size 20`.
 */
const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '30' },
    'guard-tokens': { type: 'string', default: '0' },
    'batch-size': { type: 'string' },
    preset: { type: 'string', default: 'tiny' },
    'prompt-tokens': { type: 'string', default: '96' },
    json: { type: 'boolean' },
  },
})
const pairs = Number(values.pairs)
const root = resolve(import.meta.dirname, '..')
const engine = resolve(root, 'examples', 'engine', 'main.ts')
const warmups = 3
const requests = 30
const prompt = Array.from({ length: Number(values['prompt-tokens']) }, (_, index) => 1000 + ((index * 37) % 3000))

/** What the slower side is started with. */
const slower =
  values['batch-size'] === undefined
    ? ['--guard-passes', '1', '--guard-tokens', values['guard-tokens']]
    : ['--batch-size', values['batch-size']]

async function p90OfOneStart(side: 'base' | 'head'): Promise<number> {
  const own = ['--port', '0', '--preset', values.preset, '--sequences', '8']
  const cache = ['--cache-dir', resolve(root, 'out', 'engine-cache')]
  const args = [engine, ...own, ...cache, ...(side === 'head' ? slower : [])]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
    const { port } = JSON.parse(line) as { port: number }
    const latenciesMs: number[] = []
    for (let index = 0; index < warmups + requests; index++) {
      const ms = await complete(port, index)
      if (index >= warmups) latenciesMs.push(ms)
    }
    return quantileSorted(
      latenciesMs.toSorted((a, b) => a - b),
      0.9,
    )
  } finally {
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
}

async function complete(port: number, index: number): Promise<number> {
  const body = JSON.stringify({
    prompt: [2000 + index, ...prompt.slice(1)],
    max_tokens: 2,
    ignore_eos: true,
    temperature: 0,
  })
  const sentMs = performance.now()
  const sent = request({ port, host: '127.0.0.1', path: '/v1/completions', method: 'POST' })
  sent.setHeader('content-type', 'application/json')
  sent.end(body)
  const [response] = (await once(sent, 'response')) as [NodeJS.ReadableStream & { statusCode: number }]
  response.resume()
  await once(response, 'end')
  if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`)
  return performance.now() - sentMs
}

const logRatios: number[] = []
for (let pair = 0; pair < pairs; pair++) {
  const isBaseFirst = pair % 2 === 0
  const first = await p90OfOneStart(isBaseFirst ? 'base' : 'head')
  const second = await p90OfOneStart(isBaseFirst ? 'head' : 'base')
  logRatios.push(isBaseFirst ? Math.log(second / first) : Math.log(first / second))
  if (!values.json) process.stderr.write(`\rpair ${pair + 1} of ${pairs}`)
}
const mean = logRatios.reduce((sum, x) => sum + x, 0) / pairs
const half = (studentQuantile(0.975, pairs - 1) * sampleStandardDeviation(logRatios)) / Math.sqrt(pairs)
const change = { estimate: Math.exp(mean) - 1, low: Math.exp(mean - half) - 1, high: Math.exp(mean + half) - 1 }
if (values.json) console.log(JSON.stringify({ pairs, change: change.estimate, low: change.low, high: change.high }))
else console.log(`\nP90 latency: ${formatSigned(change.estimate)} (95 % interval ${formatInterval(change)})`)
