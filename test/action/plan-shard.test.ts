import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { gatherContext, type JobContext } from '../../src/action/context.ts'
import { planPullRequest } from '../../src/action/plan-pull-request.ts'
import { appendJob, serialiseBaseline } from '../../src/baseline/index.ts'
import { ActionError } from '../../src/errors.ts'
import { decide } from '../../src/judge/index.ts'
import type { Log } from '../../src/log.ts'
import type { BaselineFile, BaselineJob } from '../../src/model/baseline.ts'
import type { RunnerClass } from '../../src/model/runner-class.ts'
import type { Shard } from '../../src/model/shard.ts'
import { type PullRequestEvent, parseConfig, policyOfShard, readEvent } from '../../src/plan/index.ts'
import { readRunnerClass } from '../../src/telemetry/index.ts'
import { common, job } from '../baseline/sample.ts'
import { useFakeGitHub } from '../github/use-fake-github.ts'
import { type Job, World } from '../runner/world.ts'

const baselinePath = '.github/llm-perf-baseline.json'
const workflowPath = '.github/workflows/llm-perf.yml'
const fake = useFakeGitHub()
const log: Log = { info: () => {}, warning: () => {}, group: async (_, body) => await body(), progress: () => {} }
const folder = mkdtempSync(join(tmpdir(), 'llm-perf-plan-shard-'))
let world: World
let runnerClass: RunnerClass
let opened: JobContext[] = []
let branches = 0

beforeAll(async () => {
  runnerClass = await readRunnerClass()
  world = new World(join(folder, 'world'), fake)
})
beforeEach(() => {
  const state = join(folder, 'state')
  writeFileSync(state, '')
  vi.stubEnv('GITHUB_STATE', state)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  for (const { session } of opened) await session.close()
  opened = []
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const known = ['a', 'b', 'c', 'd', 'e', 'new']

/** A configuration of these scenarios: whoever has a name has its load too. */
const configuration = (names: readonly string[], gate = 'max-pairs: 18') =>
  `version: 1
server: { command: 'serve --port {{port}}' }
scenarios:
${names.map((name) => `  - { name: ${name}, prompt-tokens: 16, output-tokens: 8, concurrency: ${known.indexOf(name) + 1}, requests: 30 }`).join('\n')}
gate: { ${gate} }
`

const shardOf = (text: string): Shard => {
  const [index = 0, count = 0] = text.split('/').map(Number)
  return { index, count }
}

/** A job that has measured these scenarios. */
function jobOf(names: readonly string[]): BaselineJob {
  const one = job([100, 101])
  const trials = one.trials.map((trial, index) => ({
    ...trial,
    scenarios: Object.assign({}, ...names.map((name) => job([100 + index], {}, name).trials[0]?.scenarios)),
  }))
  return { ...one, trials }
}

/** The baseline that the shards of this matrix have made, on this machine or another. */
function baselineOf(names: readonly string[], shards: readonly string[], on = runnerClass): string {
  const whole = parseConfig(configuration(names), 'llm-perf.yml')
  let file: BaselineFile | null = null
  for (const text of shards) {
    const shard = shardOf(text)
    const scenarios = whole.load.scenarios.filter((_, place) => place % shard.count === shard.index - 1)
    const measured = jobOf(scenarios.map(({ name }) => name))
    const policy = policyOfShard(whole.gate, shard)
    file = appendJob(file, { ...common, runnerClass: on, scenarios, policy, job: measured })
  }
  if (file === null) throw new Error('no shard')
  return serialiseBaseline(file)
}

interface Team {
  readonly base: string
  readonly head: string
  readonly baseline: string
  /** Message of the pull request's commit. */
  readonly message?: string
}

async function openPull({ base, head, baseline, message = 'Change' }: Team): Promise<Job> {
  branches += 1
  await world.pushToMain(
    { 'llm-perf.yml': base, [workflowPath]: 'uses: llm-perf\n', [baselinePath]: baseline, 'n.txt': `${branches}` },
    `base ${branches}`,
  )
  return await world.openPull(`change-${branches}`, { 'llm-perf.yml': head, 'x.txt': `${branches}` }, message)
}

async function contextOf(pull: Job, shard: string): Promise<{ context: JobContext; event: PullRequestEvent }> {
  const eventPath = join(folder, 'event.json')
  writeFileSync(eventPath, JSON.stringify(pull.event))
  const temp = join(folder, `temp-${opened.length}`)
  mkdirSync(temp, { recursive: true })
  const variables = {
    ...pull.environment,
    GITHUB_EVENT_NAME: pull.eventName,
    GITHUB_EVENT_PATH: eventPath,
    GITHUB_WORKSPACE: pull.workspace,
    RUNNER_TEMP: temp,
  }
  const event = readEvent(variables, () => JSON.stringify(pull.event))
  if (event.kind !== 'pull-request') throw new Error('expected a pull request')
  const inputs = {
    configPath: 'llm-perf.yml',
    mode: 'auto',
    shard: shardOf(shard),
    token: 'unused',
    gateName: 'default',
    baselinePath,
    comment: true,
    check: 'auto',
    out: join(folder, 'out'),
    recordings: null,
    overrides: [],
  } as const
  const signal = AbortSignal.timeout(60_000)
  const context = await gatherContext({ inputs, event, signal, startedMs: performance.now(), log })
  opened.push(context)
  return { context: { ...context, github: fake.connect() }, event }
}

async function planOf(pull: Job, shard: string) {
  const { context, event } = await contextOf(pull, shard)
  return { ...(await planPullRequest(context, event)), context }
}

async function refused(action: Promise<unknown>): Promise<ActionError> {
  const error = await action.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error instanceof ActionError) return error
  throw new Error(`not refused: ${String(error)}`)
}

const four = ['a', 'b', 'c', 'd']
const namesOf = (scenarios: readonly { name: string }[] | undefined) => scenarios?.map(({ name }) => name)

describe('the job of a shard on a pull request', () => {
  it('measures its scenarios, is judged by its own window, and knows the whole matrix', async () => {
    const text = configuration(four)
    const pull = await openPull({ base: text, head: text, baseline: baselineOf(four, ['1/2', '2/2']) })
    const { context, policy, window, notes, design } = await planOf(pull, '2/2')
    expect(namesOf(context.config.load.scenarios)).toEqual(['b', 'd'])
    expect(namesOf(context.matrix)).toEqual(four)
    expect(policy.shard).toEqual({ index: 2, count: 2 })
    expect(window?.shard).toEqual({ index: 2, count: 2 })
    expect(namesOf(window?.scenarios)).toEqual(['b', 'd'])
    expect(notes.join()).toContain('This is shard 2/2 of the matrix')
    expect(notes.join()).toContain('The job with mode merge gives the verdict on the whole.')
    expect(design.text).not.toContain('no window')
  })

  it('is held to the policy of the base branch, with its part of the error budget', async () => {
    const base = configuration(four, 'max-pairs: 14')
    const head = configuration(four, 'max-pairs: 11, margins: { latency: 90% }')
    const pull = await openPull({ base, head, baseline: baselineOf(four, ['1/2']) })
    const { policy } = await planOf(pull, '1/2')
    expect(policy).toMatchObject({ maxPairs: 14, margins: { latencyTail: 0.1 }, shard: { index: 1, count: 2 } })
  })

  it('a scenario that is added in the middle moves others between shards, and none comes out as missing', async () => {
    const head = configuration(['a', 'new', 'b', 'c', 'd'])
    const pull = await openPull({ base: configuration(four), head, baseline: baselineOf(four, ['1/2', '2/2']) })
    const first = await planOf(pull, '1/2')
    expect(namesOf(first.context.config.load.scenarios)).toEqual(['a', 'b', 'd'])
    expect(namesOf(first.window?.scenarios)).toEqual(['a'])
    const second = await planOf(pull, '2/2')
    expect(namesOf(second.context.config.load.scenarios)).toEqual(['new', 'c'])
    expect(second.window).toBeNull()
    for (const { context, policy, window, notes } of [first, second]) {
      const { scenarios } = context.config.load
      const { report, next } = decide({ scenarios, policy, window, notes, trials: [], seed: 1, final: false })
      expect(report.cells.map(({ verdict }) => verdict)).not.toContain('missing')
      expect(next).toMatchObject({ kind: 'pairs', scenarios: namesOf(scenarios) })
    }
  })

  it.each(['1/2', '2/2'])('a scenario that is dropped stops shard %s, whoever measured it', async (shard) => {
    const base = configuration(['a', 'b', 'c', 'd', 'e'])
    const pull = await openPull({ base, head: configuration(four), baseline: baselineOf(four, ['1/2', '2/2']) })
    const error = await refused(planOf(pull, shard))
    expect(error.code).toBe('invalid')
    expect(error.message).toContain('"e" is missing')
  })

  it('without a window of its own says so, and goes on by pairs', async () => {
    const text = configuration(four)
    const pull = await openPull({ base: text, head: text, baseline: baselineOf(four, ['1/2']) })
    const { window, design } = await planOf(pull, '2/2')
    expect(window).toBeNull()
    expect(design.text).toContain('The baseline has no window for shard 2/2 yet')
  })

  it('is refused where the baseline knows only other machines', async () => {
    const text = configuration(four)
    const baseline = baselineOf(four, ['2/2'], { ...runnerClass, id: 'other-machine' })
    const pull = await openPull({ base: text, head: text, baseline })
    const error = await refused(planOf(pull, '2/2'))
    expect(error.message).toContain('was measured on other-machine; this runner is')
  })

  it('takes the acceptances of its own scenarios, and finds no fault with those of another shard', async () => {
    const text = configuration(four)
    const message = 'Check grammar\n\nLLM-Perf-Accept: b latency: grammar is checked now'
    const pull = await openPull({ base: text, head: text, baseline: baselineOf(four, ['1/2', '2/2']), message })
    const first = await planOf(pull, '1/2')
    expect(first.accepted).toEqual([])
    expect(first.notes.join()).not.toContain('accepts nothing')
    expect((await planOf(pull, '2/2')).accepted).toMatchObject([{ scenario: 'b', metric: 'latencyTail' }])
  })
})

describe('before anything is measured', () => {
  it('more shards than scenarios are refused', async () => {
    const text = configuration(four)
    const pull = await openPull({ base: text, head: text, baseline: baselineOf(four, ['1/2']) })
    const error = await refused(contextOf(pull, '1/5'))
    expect(error).toMatchObject({ code: 'usage', message: expect.stringContaining('5 shards for 4 scenarios') })
  })

  it('a policy of the base branch that could never convict is refused, whatever the pull request says', async () => {
    const base = configuration(four, 'max-pairs: 8')
    const pull = await openPull({ base, head: configuration(four), baseline: baselineOf(four, ['1/2']) })
    const error = await refused(planOf(pull, '1/3'))
    expect(error).toMatchObject({
      code: 'usage',
      message: expect.stringContaining('gate.max-pairs: got 8, with 3 shards'),
    })
  })
})
