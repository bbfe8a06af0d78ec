// The default branch of simulated machines, push by push: how often the window restarts for no reason, how often a real
// change of level or slow creep is seen. `npm run bench:window -- [--env FILE] [--machines N] [--seed S] [--json]`.
import { parseArgs } from 'node:util'
import { percent, wholePercent } from '../percent.ts'
import { type Change, noChange } from './cases.ts'
import { type Environment, environments, findEnvironment } from './environments.ts'
import { History } from './history.ts'
import { Simulation } from './simulation.ts'
import { wilson } from './tally.ts'

const { values } = parseArgs({
  options: {
    env: { type: 'string' },
    machines: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
})
const machines = Number(values.machines)
const seed = Number(values.seed)
if (!(Number.isInteger(machines) && machines > 0)) {
  throw new Error(`--machines: got "${values.machines}"; allowed: a whole number from 1`)
}
if (!Number.isInteger(seed)) throw new Error(`--seed: got "${values.seed}"; allowed: a whole number`)

/** Pushes of a long life without any change, after the first window. */
const longLife = 40
const everywhere = Number.POSITIVE_INFINITY
const shifts: Readonly<Record<string, Change>> = {
  '+30 % in one scenario': { tail: 1.3, rate: 1 / 1.3, scenarios: 1 },
  '+30 % everywhere': { tail: 1.3, rate: 1 / 1.3, scenarios: everywhere },
  '-20 % everywhere': { tail: 0.8, rate: 1 / 0.8, scenarios: everywhere },
}
const creepSteps = 12
const creepStep = 1.03
const pushesAStep = 4

interface Outcome {
  readonly what: string
  readonly seen: number
  readonly of: number
}

function each<T>(environment: Environment, run: (machine: Simulation, history: History) => T): T[] {
  return Array.from({ length: machines }, (_, index) => {
    const machine = new Simulation(environment, seed * 1_000_003 + index)
    return run(machine, new History(machine))
  })
}

function countTrue(what: string, values: readonly boolean[]): Outcome {
  return { what, seen: values.filter(Boolean).length, of: values.length }
}

/** No change at all: a first window, then a long life. */
function withoutChange(environment: Environment): Outcome[] {
  const lives = each(environment, (_, history) => {
    history.push(8)
    const first = history.found > 0
    const pushes = Array.from({ length: longLife }, () => {
      history.push()
      return { restarted: history.found > 0, creep: history.creep.length > 0 }
    })
    return { first, pushes }
  })
  const pushes = lives.flatMap((life) => life.pushes)
  return [
    countTrue(
      'no change: the first window of 8 holds a restart',
      lives.map(({ first }) => first),
    ),
    countTrue(
      'no change: a later window holds a restart',
      pushes.map(({ restarted }) => restarted),
    ),
    countTrue(
      'no change: creep is told',
      pushes.map(({ creep }) => creep),
    ),
  ]
}

function afterShift(environment: Environment, name: string, change: Change): Outcome[] {
  const lives = each(environment, (machine, history) => {
    history.push(8)
    machine.main = change
    history.push(4)
    const soon = history.found > 0
    history.push(4)
    return { soon, creep: history.creep.length > 0 }
  })
  return [
    countTrue(
      `${name}: found within 4 pushes`,
      lives.map(({ soon }) => soon),
    ),
    countTrue(
      `${name}: told as slower after 8 pushes`,
      lives.map(({ creep }) => creep),
    ),
  ]
}

function slowly(environment: Environment): Outcome {
  const total = creepStep ** creepSteps
  const told = each(environment, (machine, history) => {
    history.push(8)
    for (let step = 1; step <= creepSteps; step++) {
      const factor = creepStep ** step
      machine.main = { ...noChange, tail: factor, rate: 1 / factor, scenarios: everywhere }
      history.push(pushesAStep)
    }
    return history.creep.length > 0
  })
  return countTrue(`${creepSteps} steps of +3 % (${wholePercent(total - 1)} in all): told`, told)
}

for (const environment of values.env === undefined ? environments : [findEnvironment(values.env)]) {
  const outcomes = [
    ...withoutChange(environment),
    ...Object.entries(shifts).flatMap(([name, change]) => afterShift(environment, name, change)),
    slowly(environment),
  ]
  for (const { what, seen, of } of outcomes) {
    const [low, high] = wilson(seen / of, of)
    if (values.json) console.log(JSON.stringify({ environment: environment.name, what, seen, of, low, high }))
    else {
      const bounds = `${percent(low)} to ${percent(high)}`
      console.log(`${environment.name.padEnd(10)} ${what.padEnd(52)} ${percent(seen / of).padEnd(8)} (${bounds})`)
    }
  }
}
