import { parseArgs } from 'node:util'
import { fuzz } from './fuzz/fuzz.ts'

/**
 * Feeds the reader of answers with healthy, cut, damaged and random answers of every API, and holds it against what they
 * were made of and against a second, plain reader. Exit code 1 on any failure; each names the line that repeats it.
 *
 *     npm run fuzz -- [--cases 1000000] [--seed 1] [--first 0] [--json]
 */
const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    first: { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
  },
})
const [cases, seed, first] = [Number(values.cases), Number(values.seed), Number(values.first)]
if (![cases, seed, first].every((value) => Number.isSafeInteger(value) && value >= 0)) {
  throw new Error(`--cases, --seed and --first take whole numbers, got ${JSON.stringify(values)}`)
}

const result = fuzz({ cases, seed, first, onProgress: values.json ? () => {} : showProgress })
if (values.json) console.log(JSON.stringify(result))
else {
  for (const failure of result.failures) console.log(`\n${failure.message}\n  again: ${failure.repeat}`)
  console.log(
    `\n${result.cases} cases, seed ${seed}, ${result.seconds.toFixed(1)} s, slowest ${result.slowestMs.toFixed(1)} ms, ${result.failed} failures`,
  )
}
if (result.failed > 0) process.exitCode = 1

function showProgress(done: number): void {
  process.stderr.write(`\r${done} of ${cases}`)
}
