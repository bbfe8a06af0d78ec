import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Played, play, type Stage } from '../../demo/play.ts'
import type { Conclusion, JudgeReport } from '../../src/model/verdict.ts'
import type { Job } from '../../test/runner/world.ts'
import type { Knob } from './engines.ts'
import { Neighbour } from './neighbour.ts'

/** What a real job came to. */
export interface JobResult {
  /** Counted from 1. */
  readonly job: number
  readonly case: 'a/a' | 'slow'
  readonly neighbour: boolean
  readonly conclusion: Conclusion | 'none'
  readonly exitCode: number | null
  readonly pairs: number
  readonly passes: number
  readonly seconds: number
  /** Scenarios called regressed. */
  readonly regressed: readonly string[]
  /** The slower scenario was named, and its phase; null in an A/A job. */
  readonly scenarioNamed: boolean | null
  readonly phaseNamed: boolean | null
  /** The part of the matrix was named; null in an A/A job. */
  readonly partNamed: boolean | null
  /** P90 latency of the slower scenario, as fractions; null in an A/A job, or when it was not measured. */
  readonly change: { readonly estimate: number; readonly low: number; readonly high: number } | null
  /** What made it invalid. */
  readonly findings: readonly string[]
}

export interface Numbered {
  readonly job: number
  readonly knob: Knob | null
  readonly neighbour: boolean
}

type Report = Pick<JudgeReport, 'cells' | 'pairs' | 'findings' | 'diagnoses' | 'part'>

/** Plays one pull request through the committed bundle; its checkout is removed afterwards, its recording stays. */
export async function playJob(event: Job, stage: Stage, { job, knob, neighbour }: Numbered): Promise<JobResult> {
  const noise = neighbour ? new Neighbour(job) : null
  let played: Played
  try {
    played = await play(event, stage)
  } finally {
    await noise?.stop()
    for (const folder of [event.workspace, `${event.workspace}-temp`]) rmSync(folder, { recursive: true, force: true })
  }
  const report = readReport(stage.folder)
  const cell = report?.cells.find(({ scenario, metric }) => scenario === knob?.scenario && metric === 'latencyTail')
  const regressed = report?.cells.filter(({ verdict }) => verdict === 'regressed') ?? []
  const phases = report?.diagnoses.filter(({ scenario }) => scenario === knob?.scenario).map(({ phase }) => phase)
  return {
    job,
    case: knob === null ? 'a/a' : 'slow',
    neighbour,
    conclusion: (played.main.outputs.verdict as Conclusion | undefined) ?? 'none',
    exitCode: played.main.exitCode,
    pairs: report?.pairs ?? 0,
    passes: played.passes,
    seconds: played.minutes * 60,
    regressed: [...new Set(regressed.map(({ scenario }) => scenario ?? 'all scenarios together'))],
    scenarioNamed: knob && onlyNames(knob.scenario, regressed),
    phaseNamed: knob && (phases?.includes(knob.phase) ?? false),
    partNamed: knob && (report?.part?.includes(knob.part) ?? false),
    change: cell?.change ?? null,
    findings: report?.findings.map(({ code }) => code) ?? [],
  }
}

/** The slower scenario is called regressed and no other is; "all scenarios together" may rightly be, too. */
function onlyNames(scenario: string, regressed: Report['cells']): boolean {
  const names = new Set(regressed.flatMap((cell) => cell.scenario ?? []))
  return names.size === 1 && names.has(scenario)
}

function readReport(folder: string): Report | null {
  try {
    return JSON.parse(readFileSync(join(folder, 'recording', 'report.json'), 'utf8')) as Report
  } catch {
    // The run never came to a verdict: its conclusion says so.
    return null
  }
}
