import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FakeGitHub } from '../test/github/fake-github/index.ts'
import { runJob, type StepResult } from '../test/runner/run-action.ts'
import type { Job, World } from '../test/runner/world.ts'
import { progressPrinter } from './print.ts'

/** What came of one event, as seen from outside of the action. */
export interface Played {
  readonly main: StepResult
  readonly comment: string | null
  /** The baseline file on main afterwards. */
  readonly baseline: { readonly windows: Readonly<Record<string, { readonly jobs: readonly unknown[] }>> } | null
  readonly verdicts: readonly { readonly scenario: string | null; readonly metric: string; readonly verdict: string }[]
  /** Server start, warm-up and measuring, from the recordings. */
  readonly workSeconds: number
  readonly overheadSeconds: number
  readonly minutes: number
  readonly passes: number
}

export interface Stage {
  readonly world: World
  readonly github: FakeGitHub
  /** The committed dist/index.js. */
  readonly bundle: string
  /** Folder for what this event leaves for a reader. */
  readonly folder: string
  /** Do not print the action's log as it comes. */
  readonly isQuiet?: boolean
}

/** Runs the action on one event, as a runner would, and gathers what it did. */
export async function play(job: Job, stage: Stage): Promise<Played> {
  const { world, github, bundle, folder } = stage
  mkdirSync(folder, { recursive: true })
  const printer = stage.isQuiet ? null : progressPrinter()
  const { main, post } = await runJob({
    bundle,
    workspace: job.workspace,
    temp: `${job.workspace}-temp`,
    eventName: job.eventName,
    event: job.event,
    inputs: { token: github.tokens.job },
    environment: job.environment,
    ...(printer && { onOutput: printer.write }),
  })
  printer?.end()
  writeFileSync(join(folder, 'main.log'), main.stdout + main.stderr)
  writeFileSync(join(folder, 'post.log'), post.stdout + post.stderr)
  writeFileSync(join(folder, 'summary.md'), main.summary)
  const recording = main.outputs['recording-path'] ?? join(`${job.workspace}-temp`, 'llm-perf-recording', 'default')
  if (existsSync(recording)) cpSync(recording, join(folder, 'recording'), { recursive: true })
  const comment = job.pull === null ? null : await commentOf(github, job.pull)
  if (comment !== null) writeFileSync(join(folder, 'comment.md'), comment)
  const baseline = await world.fileOnMain('.github/llm-perf-baseline.json')
  if (baseline !== null) writeFileSync(join(folder, 'baseline.json'), `${baseline}\n`)
  const workSeconds = recordedWork(join(folder, 'recording'))
  const seconds = main.seconds + post.seconds
  return {
    main,
    comment,
    baseline: baseline === null ? null : JSON.parse(baseline),
    verdicts: readVerdicts(join(folder, 'recording', 'report.json')),
    workSeconds,
    overheadSeconds: seconds - workSeconds,
    minutes: seconds / 60,
    passes: Number(main.outputs.passes ?? 0),
  }
}

async function commentOf(github: FakeGitHub, pull: number): Promise<string | null> {
  const path = `/repos/${github.owner}/${github.repo}/issues/${pull}/comments`
  const comments = await github.api<{ body: string }[]>('GET', path)
  if (comments.length > 1) throw new Error(`Pull request ${pull} has ${comments.length} comments; one was expected.`)
  return comments[0]?.body ?? null
}

interface RecordedTrial {
  readonly startupMs: number
  readonly durationMs: number
  readonly stopMs: number
  readonly windows: readonly { readonly startMs: number; readonly endMs: number; readonly warmupMs: number }[]
  readonly findings: readonly { readonly code: string }[]
}

/** The part of the job that is the user's: server start, warm-up and measuring. A trial cut short by a death counts whole. */
function recordedWork(recording: string): number {
  const sides = ['base', 'head'].map((side) => join(recording, side, 'run.json')).filter((path) => existsSync(path))
  const trials = sides.flatMap((path) => (JSON.parse(readFileSync(path, 'utf8')) as { trials: RecordedTrial[] }).trials)
  const milliseconds = trials.map((trial) => {
    if (trial.findings.some(({ code }) => code === 'server-died')) return trial.durationMs - trial.stopMs
    return trial.windows.reduce((sum, window) => sum + window.warmupMs + window.endMs - window.startMs, trial.startupMs)
  })
  return milliseconds.reduce((sum, ms) => sum + ms, 0) / 1000
}

function readVerdicts(path: string): Played['verdicts'] {
  if (!existsSync(path)) return []
  const report = JSON.parse(readFileSync(path, 'utf8')) as { cells: Played['verdicts'] }
  return report.cells.map(({ scenario, metric, verdict }) => ({ scenario, metric, verdict }))
}
