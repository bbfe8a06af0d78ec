// Real jobs on a real engine, end to end: pull requests that change nothing, and with --slow ones that do. `npm run bench:aa`.
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { play } from '../../demo/play.ts'
import { type FakeGitHub, startFakeGitHub } from '../../test/github/fake-github/index.ts'
import { World } from '../../test/runner/world.ts'
import { type EngineName, engineNames, type Knob, type Team, teams } from './engines.ts'
import { type JobResult, playJob } from './job.ts'
import { Journal } from './journal.ts'
import { tallyJobs } from './tally.ts'

const { values } = parseArgs({
  options: {
    /** 60 without a change, 24 with one. */
    jobs: { type: 'string' },
    engine: { type: 'string', default: 'embedded' },
    /** A change that makes the engine slower, instead of none. */
    slow: { type: 'string' },
    /** Jobs beside a process that burns CPU: half of those without a change, unless said otherwise. */
    neighbour: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})

const root = resolve(import.meta.dirname, '../..')
const bundle = join(root, 'dist', 'index.js')
/** Pushes after the calibration, so that the window can tell how jobs differ. */
const pushes = 3
const mostRefusedPushes = 3

interface Plan {
  readonly engine: EngineName
  readonly team: Team
  readonly name: string
  readonly knob: Knob | null
  readonly jobs: number
  readonly hasNeighbour: (job: number) => boolean
}

function plan(): Plan {
  const engine = oneOf('engine', values.engine, engineNames)
  const team = teams[engine]()
  const knobName = values.slow === undefined ? null : oneOf('slow', values.slow, Object.keys(team.knobs))
  const knob = knobName === null ? null : (team.knobs[knobName] ?? null)
  const jobs = Number(values.jobs ?? (knob ? 24 : 60))
  if (!Number.isInteger(jobs) || jobs < 1)
    throw new Error(`--jobs: got "${values.jobs}"; allowed: a whole number from 1`)
  const which = oneOf('neighbour', values.neighbour ?? (knob ? 'none' : 'half'), ['none', 'half', 'all'] as const)
  const hasNeighbour = (job: number) => which === 'all' || (which === 'half' && job % 2 === 0)
  return { engine, team, name: knobName ?? 'a/a', knob, jobs, hasNeighbour }
}

function oneOf<T extends string>(flag: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value)
  if (found === undefined) throw new Error(`--${flag}: got "${value}"; allowed: ${allowed.join(', ')}`)
  return found
}

async function playMissing(
  { team, knob, jobs, hasNeighbour }: Plan,
  journal: Journal,
  out: string,
): Promise<JobResult[]> {
  const results = [...journal.done.slice(0, jobs)]
  if (results.length === jobs) return results
  const place = mkdtempSync(join(tmpdir(), 'llm-perf-aa-'))
  const github = await startFakeGitHub()
  try {
    const world = new World(place, github)
    await makeBaseline(world, github, team, out)
    while (results.length < jobs) {
      const job = results.length + 1
      const change = { 'CHANGES.md': `Change ${job}\n`, ...knob?.files }
      const event = await world.openPull(`change-${job}`, change, `Change ${job}`)
      const stage = { world, github, bundle, folder: join(out, `job-${job}`), isQuiet: true }
      const result = await playJob(event, stage, { job, knob, neighbour: hasNeighbour(job) })
      journal.add(result)
      results.push(result)
      say(result, jobs)
    }
  } finally {
    await github.stop()
    rmSync(place, { recursive: true, force: true })
  }
  return results
}

async function makeBaseline(world: World, github: FakeGitHub, { files }: Team, out: string): Promise<void> {
  let pushed = 0
  for (let attempt = 1; pushed <= pushes; attempt++) {
    process.stderr.write(`\rbaseline: push ${pushed + 1} of ${pushes + 1}`)
    const job = await world.pushToMain({ ...files, 'PUSHES.md': `${attempt}\n` }, `Push ${attempt}`)
    const { main } = await play(job, { world, github, bundle, folder: join(out, `push-${attempt}`), isQuiet: true })
    if (main.exitCode === 0) pushed += 1
    // A push on a machine that was busy at that moment is refused, as it should be; the next one makes up for it.
    else if (attempt - pushed > mostRefusedPushes) throw new Error(`No baseline:\n${main.stdout}${main.stderr}`)
  }
  process.stderr.write('\n')
}

function say(
  { job, neighbour, conclusion, regressed, pairs, seconds, change, findings }: JobResult,
  jobs: number,
): void {
  const slower = change
    ? `, ${(100 * change.estimate).toFixed(0)} % (${(100 * change.low).toFixed(0)}..${(100 * change.high).toFixed(0)})`
    : ''
  const details = [...regressed, ...findings].join(', ')
  process.stderr.write(
    `job ${job} of ${jobs}${neighbour ? ', with a neighbour' : ''}: ${conclusion}${slower}, ${pairs} pairs, ${seconds.toFixed(0)} s${details ? ` (${details})` : ''}\n`,
  )
}

const planned = plan()
const { engine, name } = planned
const out = join(root, 'out', 'aa', `${engine}-${name.replace('/', '')}`)
const hash = createHash('sha256')
  .update(readFileSync(bundle))
  .update(JSON.stringify([planned.team, name, values.neighbour]))
const results = await playMissing(planned, new Journal(out, hash.digest('hex')), out)
const cases = [
  { label: name, chosen: results },
  { label: `${name}, quiet`, chosen: results.filter(({ neighbour }) => !neighbour) },
  { label: `${name}, with a neighbour`, chosen: results.filter(({ neighbour }) => neighbour) },
].filter(({ label, chosen }) => chosen.length > 0 && (label === name || chosen.length < results.length))
for (const { label, chosen } of cases) {
  const tallied = tallyJobs(engine, label, chosen)
  if (values.json) console.log(JSON.stringify(tallied))
  else {
    const { jobs, fail, inconclusive, invalid, pass, passesMean, secondsMean } = tallied
    const { scenarioNamed, phaseNamed, partNamed } = tallied
    const named = planned.knob
      ? `, scenario named ${scenarioNamed}, phase too ${phaseNamed}, part of the matrix too ${partNamed}`
      : ''
    console.log(
      `${engine} ${label}: ${jobs} jobs, FAIL ${fail}, inconclusive ${inconclusive}, invalid ${invalid}, pass ${pass}${named}; passes ${passesMean.toFixed(1)}, ${secondsMean.toFixed(0)} s a job`,
    )
  }
}
