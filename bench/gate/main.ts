// Simulated pull requests through the real judge: how often it is wrong, and what that costs. `npm run bench:gate`.
import { parseArgs } from 'node:util'
import { percent } from '../percent.ts'
import { cases } from './cases.ts'
import { checkDetectable } from './detectable.ts'
import { type Environment, environments, findEnvironment, stressEnvironments } from './environments.ts'
import { type RivalResult, rivals, tallyRival } from './rivals.ts'
import { shardedPullRequest } from './sharded.ts'
import { Simulation } from './simulation.ts'
import { type CaseResult, tally } from './tally.ts'

const { values } = parseArgs({
  options: {
    env: { type: 'string' },
    stress: { type: 'boolean', default: false },
    case: { type: 'string' },
    /** Of each effect; of no change too, unless it is the default: then 1000, since its rates are small. */
    prs: { type: 'string' },
    seed: { type: 'string', default: '1' },
    /** Machines among which the matrix is dealt out. */
    shards: { type: 'string', default: '1' },
    /** Other tools' rules on the same machines. */
    rivals: { type: 'boolean', default: false },
    /** Whether what a run says it would have caught is caught. */
    detectable: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})

const noOpRuns = 1000
const effectRuns = 300
const seed = Number(values.seed)
const seedStep = 1_000_003
const shards = Number(values.shards)

function chosen(): readonly Environment[] {
  if (values.env !== undefined) return [findEnvironment(values.env)]
  return values.stress ? stressEnvironments : environments
}

function runsOf(name: string): number {
  if (values.prs !== undefined) return Number(values.prs)
  return name === 'no-op' ? noOpRuns : effectRuns
}

function simulate(environment: Environment, name: string): CaseResult {
  const change = cases[name]
  const count = runsOf(name)
  if (!change) throw new Error(`--case: there is no case "${name}"; allowed: ${Object.keys(cases).join(', ')}`)
  if (!Number.isInteger(count) || count < 1)
    throw new Error(`--prs: got "${values.prs}"; allowed: a whole number from 1`)
  const machine = (run: number) => seed * seedStep + run
  const runs = Array.from({ length: count }, (_, run) =>
    shards === 1
      ? new Simulation(environment, machine(run)).pullRequest(change)
      : shardedPullRequest(environment, shards, machine(run), change),
  )
  return tally(shards === 1 ? environment.name : `${environment.name}, ${shards} shards`, name, runs)
}

function print(result: CaseResult): void {
  if (values.json) {
    console.log(JSON.stringify(result))
    return
  }
  const [low, high] = result.failBounds
  console.log(
    [
      result.environment.padEnd(32),
      result.case.padEnd(14),
      `${result.prs} PRs`.padEnd(9),
      `FAIL ${percent(result.fail)} (${percent(low)} to ${percent(high)})`.padEnd(34),
      `inconclusive ${percent(result.inconclusive)}`.padEnd(21),
      `invalid ${percent(result.invalid)}`.padEnd(15),
      `passes ${result.passesMean.toFixed(1)} (P90 ${result.passesP90.toFixed(1)})`.padEnd(23),
      `pairs ${result.pairsMean.toFixed(1)}`,
    ].join(' '),
  )
}

/** What the other tools' rules come to: no change, and one scenario 20 % slower. */
function printRivals(environment: Environment): void {
  for (const rival of rivals) {
    for (const name of ['no-op', 'p99-one-20']) {
      const change = cases[name]
      if (!change) continue
      const prs = runsOf(name)
      const rates = tallyRival(rival, environment, change, prs, seed * seedStep)
      printRival({ environment: environment.name, case: name, rival: rival.name, prs, ...rates, passes: rival.passes })
    }
  }
}

function printRival(result: RivalResult): void {
  if (values.json) {
    console.log(JSON.stringify(result))
    return
  }
  console.log(
    [
      result.environment.padEnd(12),
      result.rival.padEnd(46),
      result.case.padEnd(12),
      `FAIL ${percent(result.fail).padEnd(8)}`,
      `inconclusive ${percent(result.inconclusive).padEnd(8)}`,
      `passes ${result.passes}`,
    ].join(' '),
  )
}

/** Slowdowns of the size that each run says it would have caught 95 times in 100. */
function printDetectable(environment: Environment): void {
  for (const result of checkDetectable(environment, runsOf('detectable'), seed * seedStep)) {
    if (values.json) {
      console.log(JSON.stringify(result))
      continue
    }
    const [low, median, high] = result.said.map(percent)
    const bounds = result.failBounds.map(percent).join(' to ')
    console.log(
      `${result.environment.padEnd(32)} ${result.metric.padEnd(16)} ${result.scope.padEnd(4)} ${result.runs} runs, said ${median} (${low} to ${high}), FAIL ${percent(result.fail)} (${bounds})`,
    )
  }
}

if (!Number.isInteger(seed)) throw new Error(`--seed: got "${values.seed}"; allowed: a whole number`)
for (const environment of chosen()) {
  if (!(Number.isInteger(shards) && shards >= 1 && shards <= environment.scenarios))
    throw new Error(`--shards: got "${values.shards}"; allowed: a whole number from 1 to ${environment.scenarios}`)
  if (values.rivals) printRivals(environment)
  else if (values.detectable) printDetectable(environment)
  else
    for (const name of values.case === undefined ? Object.keys(cases) : [values.case])
      print(simulate(environment, name))
}
