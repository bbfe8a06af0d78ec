import { ActionError } from '../../errors.ts'
import type { OwnPrompt } from '../../model/own-prompt.ts'
import type { ScenarioWindow } from '../../model/recording.ts'
import type { Scenario } from '../../model/scenario.ts'
import type { Prompt } from '../api/api.ts'
import { type RequestLimits, Session } from '../session.ts'
import type { Target } from '../target.ts'
import { countBy } from './choose-source.ts'
import { ownPromptAt } from './own-prompts.ts'
import { findUnits, makePrompt } from './prompt-source.ts'

/** The prompts of one scenario, ready to be sent. */
export interface ScenarioPrompts {
  readonly source: ScenarioWindow['promptSource']
  /** Same seed, scenario and index, same prompt: in every trial, on either side. No two begin alike. */
  promptAt(index: number): Prompt
}

export interface PromptOrder {
  readonly target: Target
  readonly scenario: Scenario
  readonly seed: number
  /** Of the scenario's prompt file; not looked at where it names none. */
  readonly ownPrompts?: readonly OwnPrompt[]
  readonly limits: RequestLimits
}

/**
 * Gets a scenario's prompts ready; asks the server where words must be calibrated.
 *
 * @throws ActionError `invalid` when prompts of the length cannot be made
 */
export async function preparePrompts(order: PromptOrder): Promise<ScenarioPrompts> {
  const { scenario, seed, ownPrompts = [] } = order
  const key = { seed, scenario: scenario.name }
  if (scenario.prompts !== null) {
    if (ownPrompts.length === 0) throw noPrompts(scenario.name, scenario.prompts.file)
    return { source: 'file', promptAt: ownPromptAt(ownPrompts, key) }
  }
  const source = order.target.promptSource
  const units = await countUnits(order)
  return { source: source.kind, promptAt: (index) => makePrompt(source, units, { ...key, index }) }
}

async function countUnits({ target, scenario, limits }: PromptOrder): Promise<number> {
  const { promptSource, tokenizer, origin, api } = target
  const session = new Session(origin, api, limits)
  try {
    return await findUnits(promptSource, scenario.promptTokens, (list, kind) =>
      countBy(kind, list, session, tokenizer, `calibration of ${scenario.name}`),
    )
  } finally {
    await session.close()
  }
}

function noPrompts(scenario: string, file: string): ActionError {
  return new ActionError(
    'invalid',
    `Scenario "${scenario}" takes its prompts from ${file}, but none of them were read.`,
    'Measure again; if it comes back, report it as a defect of this tool.',
  )
}
