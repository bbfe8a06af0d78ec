import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type FakeGitHub, startFakeGitHub } from '../github/fake-github/index.ts'
import { checkRuns, type WrittenCheck } from '../github/seeded.ts'
import type { Files } from '../runner/files.ts'
import { type ActionStep, runJob, type StepResult } from '../runner/run-action.ts'
import { type Job, World } from '../runner/world.ts'

const root = resolve(import.meta.dirname, '..', '..')

/** The committed bundle: what users run, not what the sources would build. */
export const bundle = join(root, 'dist', 'index.js')

const server = `import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
const settings = JSON.parse(readFileSync(new URL('./engine.json', import.meta.url), 'utf8'))
const { startEngine } = await import(pathToFileURL(join(process.env.ENGINE_HOME, 'index.ts')).href)
await startEngine({ preset: 'nano', sequences: 4, ...settings, port: Number(process.env.PORT), cacheDir: process.env.ENGINE_CACHE })
`

export interface ConfigOptions {
  readonly command?: string
  readonly scenarios?: readonly string[]
  readonly gate?: string
  readonly setup?: string
  readonly readySeconds?: number
  readonly seed?: number
}

/** A small matrix on the embedded engine, with margins that say nothing about two shared cores but "not ten times slower". */
export function configuration(options: ConfigOptions = {}): string {
  const scenarios = options.scenarios ?? [
    '{ name: short, prompt-tokens: 16, output-tokens: 24, concurrency: 1, requests: 5 }',
  ]
  return `version: 1
server:
  command: ${options.command ?? 'node server.mjs'}
${options.setup ? `  setup: ${options.setup}\n` : ''}  ready: { path: /health, timeout-seconds: ${options.readySeconds ?? 30} }
  env:
    PORT: "{{port}}"
    ENGINE_HOME: ${JSON.stringify(join(root, 'examples', 'engine'))}
    ENGINE_CACHE: ${JSON.stringify(join(root, 'out', 'engine-cache'))}
    UV_THREADPOOL_SIZE: "1"
api: { type: openai-completions }
load: { seed: ${options.seed ?? 1} }
scenarios:
${scenarios.map((scenario) => `  - ${scenario}`).join('\n')}
gate:
  ${options.gate ?? 'margins: { latency: 100%, tokens-per-second: 90%, all-latency: 100%, all-tokens-per-second: 90% }'}
  trials: 1
  calibration-trials: 2
  budget-minutes: 3
`
}

export const workflow = `name: llm-perf\non: [pull_request, push]\njobs: {}\n`

export function teamFiles(config = configuration()): Files {
  return {
    'server.mjs': server,
    'engine.json': '{}\n',
    'llm-perf.yml': config,
    '.github/workflows/llm-perf.yml': workflow,
    'README.md': '# Server\n',
  }
}

/** A fake GitHub, a team's repository and a runner in a temporary folder; `close` ends and removes all of it. */
export class Stage {
  readonly folder = mkdtempSync(join(tmpdir(), 'llm-perf-process-'))
  readonly github: FakeGitHub
  readonly world: World

  private constructor(github: FakeGitHub) {
    this.github = github
    this.world = new World(this.folder, github)
  }

  static async open(): Promise<Stage> {
    return new Stage(await startFakeGitHub())
  }

  async close(): Promise<void> {
    await this.github.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** The step that a runner would start for this job. */
  step(job: Job, inputs: Readonly<Record<string, string>> = {}): ActionStep {
    return {
      bundle,
      workspace: job.workspace,
      temp: `${job.workspace}-temp`,
      eventName: job.eventName,
      event: job.event,
      inputs: { token: this.github.tokens.job, ...inputs },
      environment: job.environment,
    }
  }

  async run(job: Job, inputs: Readonly<Record<string, string>> = {}): Promise<{ main: StepResult; post: StepResult }> {
    return await runJob(this.step(job, inputs))
  }

  /** The checks that the action wrote on the head of a pull request. */
  async checks(job: Job): Promise<readonly WrittenCheck[]> {
    const { head } = (job.event as { pull_request: { head: { sha: string } } }).pull_request
    return await checkRuns(this.github, head.sha)
  }

  /** The one comment of a pull request; null when there is none. */
  async comment(pull: number | null): Promise<string | null> {
    const path = `/repos/${this.github.owner}/${this.github.repo}/issues/${pull}/comments`
    const comments = await this.github.api<{ body: string }[]>('GET', path)
    if (comments.length > 1) throw new Error(`${comments.length} comments on pull request ${pull}`)
    return comments[0]?.body ?? null
  }
}

/** Processes whose environment holds the text (the runner's tracking id, or a marker of ours). Linux only. */
export function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(text)
      } catch {
        return false
      }
    })
    .map(Number)
}

/** What a run left on the machine: processes of its tracking id, work trees, folders. Empty when it cleaned up. */
export function leftovers(job: Job, trackingId: string): string[] {
  const temp = `${job.workspace}-temp`
  const folders = existsSync(temp) ? readdirSync(temp).filter((name) => /^llm-perf-[0-9a-f]{8}-/.test(name)) : []
  const worktrees = join(job.workspace, '.git', 'worktrees')
  return [
    ...processesWith(trackingId).map((pid) => `process ${pid}`),
    ...folders.map((name) => `folder ${name}`),
    ...(existsSync(worktrees) ? readdirSync(worktrees).map((name) => `work tree ${name}`) : []),
  ]
}
