import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Change, cases, noChange } from '../../bench/gate/cases.ts'
import { checkDetectable } from '../../bench/gate/detectable.ts'
import { environments, readEnvironment } from '../../bench/gate/environments.ts'
import { type Shape, shaped, shapes } from '../../bench/gate/noise.ts'
import { rivals, tallyRival } from '../../bench/gate/rivals.ts'
import { shardedPullRequest } from '../../bench/gate/sharded.ts'
import { Simulation } from '../../bench/gate/simulation.ts'
import { wilson } from '../../bench/gate/tally.ts'
import { detectableTable } from '../../scripts/error-rates/detectable.ts'
import { ratesTable } from '../../scripts/error-rates/rates.ts'
import { rivalsTable } from '../../scripts/error-rates/rivals.ts'
import { normal } from '../../src/stats/normal.ts'
import { seededRandom } from '../../src/stats/random.ts'

const main = join(import.meta.dirname, '..', '..', 'bench', 'gate', 'main.ts')
const run = (...args: string[]) => execFileSync(process.execPath, [main, ...args], { encoding: 'utf8' })

function inFile<T>(text: string, use: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'llm-perf-gate-'))
  try {
    writeFileSync(join(folder, 'machine.json'), text)
    return use(join(folder, 'machine.json'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('noise', () => {
  test.for(shapes)('%s has mean 0 and standard deviation 1', (shape) => {
    const random = seededRandom(1)
    // Heavy tails converge slowly: a t with three degrees of freedom has no fourth moment.
    const [count, tolerance] = shape === 'heavy-tailed' ? [4000, 0.25] : [20_000, 0.05]
    const values = Array.from({ length: count }, () => shaped(shape, normal(random), random))
    const mean = values.reduce((a, b) => a + b, 0) / count
    const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / count
    expect(Math.abs(mean)).toBeLessThan(tolerance)
    expect(Math.abs(Math.sqrt(variance) - 1)).toBeLessThan(tolerance)
  })

  test('gumbel noise is long to the right, and two modes leave the middle empty', () => {
    const random = seededRandom(2)
    const draw = (shape: Shape) => Array.from({ length: 5000 }, () => shaped(shape, normal(random), random))
    const above = draw('gumbel').filter((value) => value > 2).length
    const below = draw('gumbel').filter((value) => value < -2).length
    // 1 - exp(-exp(-(2 * pi / sqrt(6) + gamma))) = 4.2 %; below -2 the same distribution has 0.07 %.
    expect(above / 5000).toBeGreaterThan(0.03)
    expect(below / 5000).toBeLessThan(0.005)
    expect(draw('bimodal').filter((value) => Math.abs(value) < 0.2).length / 5000).toBeLessThan(0.1)
  })
})

describe('a machine from a file', () => {
  test('is "noisy" but for what it says', () => {
    const machine = inFile('{"name":"mine","p99Sd":0.2,"shape":"lognormal"}', readEnvironment)
    expect(machine).toEqual({ ...environments[1], name: 'mine', p99Sd: 0.2, shape: 'lognormal' })
  })

  test.for([
    ['{"p99sd":0.2}', /p99sd/],
    ['{"p99Sd":-1,"scenarios":0}', /scenarios: .*p99Sd: /],
    ['{"shape":"cauchy"}', /shape: /],
  ] as const)('is refused with every problem: %s', ([text, problem]) => {
    expect(() => inFile(text, readEnvironment)).toThrow(problem)
  })
})

test('pull requests are the same for the same seed, and no two seeds give the same', () => {
  const environment = environments[0]
  if (!environment) throw new Error('expected a machine')
  const passes = (seed: number) => new Simulation(environment, seed).pullRequest(noChange).report.cells[0]?.change
  expect(passes(7)).toEqual(passes(7))
  expect(passes(7)).not.toEqual(passes(8))
})

test('one line a case, with the rates of all four ends', () => {
  const lines = run('--env', 'quiet', '--prs', '3', '--json').trim().split('\n')
  const results = lines.map((line) => JSON.parse(line) as Record<string, number | string>)
  expect(results.map((result) => result.case)).toEqual(Object.keys(cases))
  for (const { environment, prs, fail, inconclusive, pass, invalid } of results) {
    expect({ environment, prs }).toEqual({ environment: 'quiet', prs: 3 })
    expect(Number(fail) + Number(inconclusive) + Number(pass) + Number(invalid)).toBeCloseTo(1, 9)
  }
})

describe('a matrix shared by four machines', () => {
  const [quiet] = environments
  const judged = (change: Change, seed: number) => {
    if (!quiet) throw new Error('expected a machine')
    return shardedPullRequest(quiet, 4, seed, change)
  }

  test('has the worst conclusion of the four, whichever scenario is slower', () => {
    expect(judged(noChange, 1).report.conclusion).toBe('pass')
    const { report, passes } = judged({ tail: 2, rate: 0.5, scenarios: 1 }, 1)
    // A quarter of the 0.1 % of eleven pairs is less than one of their 2048 sign flips: fourteen are the first to convict.
    expect(report).toEqual({ conclusion: 'regressed', pairs: 14 })
    // The slower scenario's shard is a quarter of the matrix.
    expect(passes).toBeLessThan(2 * 14)
  })

  test('is the same for the same seed', () => {
    expect(judged(noChange, 7)).toEqual(judged(noChange, 7))
    expect(judged(noChange, 7)).not.toEqual(judged(noChange, 8))
  })
})

test('the interval of a rate is that of the textbook: 15 of 100 is 9.3 % to 23.3 %', () => {
  // Newcombe (1998), "Two-sided confidence intervals for the single proportion", method 3, gives 0.0931 to 0.2328.
  const [low, high] = wilson(0.15, 100)
  expect(low).toBeCloseTo(0.0931, 4)
  expect(high).toBeCloseTo(0.2328, 4)
})

describe('other rules', () => {
  const steady = environments.find(({ name }) => name === 'quiet')
  const twice = { tail: 2, rate: 0.5, scenarios: 8 }

  test.for(rivals.map((rival) => [rival.name, rival] as const))('%s sees what nobody can miss', ([, rival]) => {
    if (!steady) throw new Error('expected a machine')
    expect(tallyRival(rival, steady, twice, 10, 1).fail).toBeCloseTo(1, 9)
  })
})

describe('tables', () => {
  const result = {
    environment: 'noisy',
    case: 'no-op',
    prs: 1000,
    fail: 0.02,
    inconclusive: 0.001,
    pass: 0.979,
    invalid: 0,
    failBounds: [0.013, 0.031] as const,
    passesMean: 9.5,
    passesP90: 12,
    pairsMean: 5,
  }

  test('mark every goal that was missed, and say what was not run', () => {
    const table = ratesTable([result])
    expect(table).toMatch(/no change ends FAIL .*2\.0 % \(to 3\.1 %\) \*\*missed\*\*/)
    expect(table).toMatch(/mean passes without a change .*9\.5 \*\*missed\*\*/)
    expect(table).toMatch(/no change ends inconclusive .*\| 0\.1 % \|/)
    expect(table).toContain('not run')
  })

  test('show false alarms, undecided and misses of each rule', () => {
    const of = (name: string, fail: number) => ({
      ...result,
      rival: 'R',
      passes: 3,
      case: name,
      fail,
      inconclusive: 0.25,
    })
    expect(rivalsTable([of('no-op', 0.1), of('p99-one-20', 0.9)])).toContain('10.0 % / 25.0 % / 10.0 %')
  })

  test('show what was said to be caught, and mark what surely was caught less often than that', () => {
    const of = (environment: string, fail: number, high: number) => ({
      environment,
      metric: 'latencyTail' as const,
      scope: 'one' as const,
      runs: 60,
      said: [0.18, 0.21, 0.3] as const,
      fail,
      failBounds: [0.8, high] as const,
    })
    const table = detectableTable([of('quiet', 0.9667, 0.99), of('noisy', 0.8, 0.88)])
    expect(table).toContain('All together: 88.3 % of 120.')
    expect(table).toMatch(
      /P99 in one scenario \| 21\.0 %: 96\.7 % of 60 \| 21\.0 %: 80\.0 % of 60 \*\*missed\*\* \| not run/,
    )
  })
})

test('what a run says it would have caught is caught on the same machine, most often', () => {
  const [quiet] = environments
  if (!quiet) throw new Error('expected a machine')
  const results = checkDetectable({ ...quiet, scenarios: 2 }, 12, 5)
  expect(results.map(({ metric, scope }) => `${metric} ${scope}`)).toEqual([
    'latencyTail one',
    'latencyTail all',
    'tokensPerSecond one',
    'tokensPerSecond all',
  ])
  for (const { runs, said, fail } of results) {
    expect(runs).toBe(12)
    expect(said[0]).toBeGreaterThan(0)
    expect(said[2]).toBeGreaterThanOrEqual(said[0])
    // 8 or fewer of 12 at 95 %: once in some thousand seeds.
    expect(fail).toBeGreaterThan(8 / 12)
  }
})
