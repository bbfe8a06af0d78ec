// Which estimate of a trial's tail latency varies least, and tells a slowdown best. `npm run bench:tail`.
import { parseArgs } from 'node:util'
import { sortSample } from '../../src/stats/harrell-davis.ts'
import { seededRandom } from '../../src/stats/random.ts'
import { percent } from '../percent.ts'
import { compareOn, type TailResult, tailDesigns } from './compare.ts'
import { estimatorCosts } from './cost.ts'
import { queues, simulatedSource } from './queues/index.ts'
import { recordedSources } from './recordings.ts'
import type { TailBench } from './result.ts'
import type { LatencySource } from './source.ts'
import { isClearlyBetter, summarise } from './summary.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    /** Hardly any data: whether everything runs, rather than figures. */
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    /** The given recordings alone. */
    recorded: { type: 'boolean', default: false },
    /** Folders of recordings of both sides, in the order of measuring; each may be given several times. */
    base: { type: 'string', multiple: true, default: [] },
    head: { type: 'string', multiple: true, default: [] },
    /** What makes the recorded head slower, in words. */
    change: { type: 'string', default: 'a real change' },
  },
})
const seed = Number(values.seed)
if (!Number.isInteger(seed)) throw new Error(`--seed: got "${values.seed}"; allowed: a whole number`)
if (values.base.length !== values.head.length) {
  throw new Error(
    `--base was given ${values.base.length} times and --head ${values.head.length} times; allowed: equally often`,
  )
}
if (values.recorded && values.base.length === 0) {
  throw new Error('--recorded was given without a recording; add --base FOLDER and --head FOLDER')
}
const sizes = values.quick
  ? { requests: 20_000, trials: 60, draws: 10 }
  : { requests: 1_000_000, trials: 2000, draws: 300 }
const seedStep = 1009

function* sources(recorded: readonly LatencySource[]): Generator<LatencySource> {
  for (const [index, queue] of values.recorded ? [] : queues.entries()) {
    yield simulatedSource(queue, sizes.requests, seed * seedStep + 2 * index)
  }
  yield* recorded
}

const startMs = performance.now()
const results: TailResult[] = []
for (const source of sources(await recordedSources(values.base, values.head, values.change))) {
  for (const design of tailDesigns) {
    if ([...source.base, ...source.head].some((run) => run.length < design.requests)) {
      process.stderr.write(`${source.name}: its trials are too short for ${design.requests} requests, left out\n`)
      continue
    }
    results.push(...compareOn(source, design, sizes, seed))
    const seconds = ((performance.now() - startMs) / 1000).toFixed(0)
    process.stderr.write(`${source.name}: P${design.percentile} of ${design.requests} requests, ${seconds} s so far\n`)
  }
}
const random = seededRandom(seed)
const costs = tailDesigns.flatMap(({ percentile, requests }) =>
  estimatorCosts(sortSample(Array.from({ length: requests }, () => 100 + random())), percentile),
)
const bench: TailBench = { schema: 'llm-perf-bench-tail/1', seed, ...sizes, results, costs }
if (values.json) console.log(JSON.stringify(bench))
else {
  console.table(
    summarise(results).map((one) => ({
      estimator: one.estimator,
      'SD of ratio': one.sdRatioMedian.toFixed(2),
      least: one.sdRatioLeast.toFixed(2),
      most: one.sdRatioMost.toFixed(2),
      'steadier by 10 %': `${one.clearlySteadier} of ${one.cells}`,
      'worst bias': percent(one.worstBiasLog),
      'worst bias of ratio': percent(one.worstBiasLogRatio),
      'sees +20 %': percent(one.powerAt20),
      'sees the change': percent(one.powerAtChange),
      better: isClearlyBetter(one) ? 'yes' : '',
    })),
  )
}
