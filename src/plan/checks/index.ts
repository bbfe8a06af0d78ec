import type { Problem, Source } from '../problems.ts'
import type { PromptSets } from '../prompts/prompt-sets.ts'
import { apiProblems } from './api.ts'
import { outputLengthProblems } from './output-length.ts'
import { scenarioProblems } from './scenarios.ts'
import { envProblems, portProblems } from './server.ts'
import { viewOf } from './view.ts'

const checks = [portProblems, envProblems, apiProblems, outputLengthProblems, scenarioProblems]

/** What no key alone can tell. Works on whatever is right so far, beside the schema's own problems. */
export function crossProblems(source: Source, prompts: PromptSets): readonly Problem[] {
  const view = viewOf(source.value)
  return checks.flatMap((check) => check(view, source, prompts))
}
