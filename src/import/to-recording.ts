import { ActionError } from '../errors.ts'
import { defaultPolicy } from '../model/policy.ts'
import type { RunFile } from '../model/recording.ts'
import { differingFields } from '../model/scenario.ts'
import { plural } from '../model/words.ts'
import type { ImportedRun } from './imported.ts'
import { type ImportedTrial, type TrialPart, trialOf } from './imported-trial.ts'
import { type GivenPlan, scenarioOf } from './scenario.ts'

export type { GivenPlan } from './scenario.ts'

export interface RecordingOptions {
  /** A name for the machine on which all of this was measured: no result file tells. */
  readonly runner: string
  readonly given: GivenPlan
  readonly now: Date
  readonly toolVersion: string
}

/** A recording, ready to be written. */
export interface ImportedRecording {
  readonly header: Omit<RunFile, 'trials'>
  readonly trials: readonly ImportedTrial[]
}

/** A run of which every request is known. */
interface Measured extends TrialPart {
  readonly run: ImportedRun
}

/** What no result file tells. It stands in the recording as zero, or empty, and is named so that nobody believes it. */
const untold = [
  'start-up and stop of the server',
  'the machine and its GPU',
  'delays of the client',
  'seed of the prompts',
] as const

/**
 * The runs as trials of one side: the k-th run of each scenario makes trial k, since the unit of a verdict is one server
 * start and each run is taken for one.
 *
 * @throws ActionError `usage` when a run does not hold its requests, or does not fit together with the others
 */
export function toRecording(runs: readonly ImportedRun[], options: RecordingOptions): ImportedRecording {
  const measured = runs.map((run) => measuredOf(run, options.given))
  const tools = [...new Set(runs.map(({ tool }) => tool))]
  const [tool] = tools
  if (tool === undefined || tools.length > 1) {
    throw refusal(
      `The files come from ${tools.join(', ')}`,
      'Tools measure differently: import the files of one at a time.',
    )
  }
  const groups = [...Map.groupBy(measured, ({ scenario }) => scenario.name).values()]
  for (const group of groups) assertSameScenario(group)
  const trials = assertSameCount(groups)
  const versions = [...new Set(runs.flatMap(({ version }) => version ?? []))]
  return {
    header: {
      schema: 'llm-perf-recording/1',
      toolVersion: options.toolVersion,
      commit: null,
      side: 'head',
      runnerClass: { id: `${options.runner}-by-${tool}`, ...unknownMachine },
      createdAt: options.now.toISOString(),
      seed: 0,
      calibration: null,
      imported: { tool, version: versions.join(', ') || null, from: runs.map(({ where }) => where), untold },
      plan: {
        scenarios: groups.flatMap((group) => group[0]?.scenario ?? []),
        gate: defaultPolicy,
        quantileMethod: 'harrell-davis',
      },
    },
    trials: Array.from({ length: trials }, (_, index) =>
      trialOf(
        index,
        groups.flatMap((group) => group[index] ?? []),
        options.now,
      ),
    ),
  }
}

const unknownMachine = { os: 'unknown', arch: 'unknown', cpu: 'unknown', cores: 0, memoryGiB: 0, gpu: null } as const

function measuredOf(run: ImportedRun, given: GivenPlan): Measured {
  const { detail } = run
  if ('missing' in detail) {
    throw refusal(
      `${run.where} cannot become a recording: ${detail.missing}`,
      'A verdict rests on single requests: vllm bench serve --save-result --save-detailed, profile_export.jsonl of AIPerf, or GuideLLM with all of its requests.',
    )
  }
  return { run, detail, scenario: scenarioOf(run, detail, given) }
}

function assertSameScenario(group: readonly Measured[]): void {
  const [first] = group
  for (const other of first ? group.slice(1) : []) {
    const [field] = first ? differingFields(first.scenario, other.scenario) : []
    if (!first || !field) continue
    if (field === 'prompts') {
      throw refusal(
        `${first.run.where} and ${other.run.where} were measured with prompts of other lengths`,
        'Trials of a recording do the same work: give the tool the same data set, seed and order each time. Where the prompts should all be of one length, give it with --prompt-tokens N.',
      )
    }
    const values = `${JSON.stringify(first.scenario[field])} and ${JSON.stringify(other.scenario[field])}`
    throw refusal(
      `${first.run.where} and ${other.run.where} are both "${first.scenario.name}", but their ${field} are ${values}`,
      'Trials of a recording do the same work: measure each with the same number of requests, and the same sizes.',
    )
  }
}

/** Every trial must hold every scenario, or they could not be compared. */
function assertSameCount(groups: readonly (readonly Measured[])[]): number {
  const [first] = groups
  const other = groups.find((group) => group.length !== first?.length)
  if (first && other) {
    throw refusal(
      `"${first[0]?.scenario.name}" was measured ${plural(first.length, 'time')}, "${other[0]?.scenario.name}" ${plural(other.length, 'time')}`,
      'Each trial holds all scenarios: give as many files of each, or import them one scenario at a time.',
    )
  }
  return first?.length ?? 0
}

function refusal(message: string, hint: string): ActionError {
  return new ActionError('usage', `${message}.`, hint)
}
