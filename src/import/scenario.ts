import { createHash } from 'node:crypto'
import { median } from 'simple-statistics'
import { ActionError } from '../errors.ts'
import { defaultScenarioName, type PromptFile, plainLoad, type Scenario } from '../model/scenario.ts'
import type { ImportedRequest, ImportedRun, RequestDetail } from './imported.ts'

/** What the person says of the plan, in place of what the file tells, or does not. */
export interface GivenPlan {
  readonly scenario?: string | undefined
  readonly promptTokens?: number | undefined
  readonly outputTokens?: number | undefined
  readonly concurrency?: number | undefined
}

/**
 * What was measured, as a scenario. Sizes are the medians of what was counted, unless the plan is given: a run that is
 * off the plan is found invalid when it is judged, as any other is.
 *
 * @throws ActionError `usage` for what the file does not tell and nobody gave
 */
export function scenarioOf({ where, load }: ImportedRun, detail: RequestDetail, given: GivenPlan): Scenario {
  const sizes = {
    promptTokens: given.promptTokens ?? typicalOf(detail.requests, 'promptTokens'),
    outputTokens: given.outputTokens ?? typicalOf(detail.requests, 'outputTokens'),
  }
  const arrivals = load?.arrivals ?? null
  const concurrency = given.concurrency ?? load?.concurrency ?? null
  const { promptTokens, outputTokens } = sizes
  if (promptTokens === null) throw untold(where, 'how long its prompts are', '--prompt-tokens N')
  if (outputTokens === null) throw untold(where, 'how long its answers are', '--output-tokens N')
  if (concurrency === null && arrivals === null)
    throw untold(where, 'under which load it was measured', '--concurrency N')
  const scenario = {
    ...plainLoad,
    prompts: given.promptTokens === undefined ? ownPrompts(detail.requests, promptTokens) : null,
    promptTokens,
    outputTokens,
    concurrency,
    arrivals,
    requests: detail.requests.length,
    streaming: detail.streaming,
  }
  return { name: given.scenario ?? defaultScenarioName(scenario), ...scenario }
}

/** As the validity rules tolerate it in prompts of one length. */
const tolerance = 0.02
const toleratedTokens = 2

/** Stands where a scenario has the name of its file of prompts, and begins its name. */
const dataSet = 'dataset'

/**
 * Prompts of many lengths, such as those of a data set, are the team's own. Their texts are not known; that two runs had
 * the same ones is told by their lengths, request by request.
 */
function ownPrompts(requests: readonly ImportedRequest[], typical: number): PromptFile | null {
  const allowed = Math.max(toleratedTokens, tolerance * typical)
  const lengths = requests.toSorted((a, b) => a.index - b.index).map(({ promptTokens }) => promptTokens)
  if (lengths.every((length) => length === null || Math.abs(length - typical) <= allowed)) return null
  return { file: dataSet, sha256: createHash('sha256').update(JSON.stringify(lengths)).digest('hex') }
}

function typicalOf(requests: readonly ImportedRequest[], key: 'promptTokens' | 'outputTokens'): number | null {
  const counts = requests.flatMap((request) => (request.outcome === 'ok' && request[key] ? [request[key]] : []))
  return counts.length === 0 ? null : Math.round(median(counts))
}

function untold(where: string, what: string, flag: string): ActionError {
  return new ActionError('usage', `${where} does not tell ${what}.`, `Give ${flag}.`)
}
