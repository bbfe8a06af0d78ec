import { z } from 'zod'
import type { Config } from '../model/config.ts'
import type { GatePolicy } from '../model/policy.ts'
import { crossProblems } from './checks/index.ts'
import { readSource } from './document.ts'
import { gateSchema } from './gate-schema.ts'
import { normaliseConfig, normaliseGate } from './normalise.ts'
import { type ConfigOverrides, noOverrides, policyOverrides } from './overrides.ts'
import { problemsError, schemaProblems } from './problems.ts'
import { namedPromptFiles, takesMessages } from './prompts/named-files.ts'
import { noPromptFiles, type PromptReader } from './prompts/prompt-reader.ts'
import { readPromptSets } from './prompts/prompt-sets.ts'
import { configSchema } from './schema.ts'

/**
 * The whole configuration, validated and with defaults filled in.
 *
 * @param text of the file; null: there is none, and the overrides say it all
 * @param fileName as a person knows it, for messages
 * @param readPrompts reads the prompt files that scenarios name, from the checkout that the text is of
 * @throws ActionError `usage` with all problems at once: each with file and line (or the input), key, value and what is
 *   allowed
 */
export function parseConfig(
  text: string | null,
  fileName: string,
  overrides: ConfigOverrides = noOverrides,
  readPrompts: PromptReader = noPromptFiles,
): Config {
  const source = readSource(text, fileName, overrides)
  const result = configSchema.safeParse(source.value)
  const prompts = readPromptSets(namedPromptFiles(source), source, readPrompts, takesMessages(source))
  const problems = [
    ...schemaProblems(result.error?.issues ?? [], source),
    ...crossProblems(source, prompts.sets),
    ...prompts.problems,
  ]
  if (!result.success || problems.length > 0) throw problemsError(fileName, problems)
  return normaliseConfig(result.data, prompts.sets)
}

/** Only what decides about the policy; the rest of the file is not looked at. */
const policyFile = z.looseObject({ version: configSchema.shape.version, gate: gateSchema.prefault({}) })

/**
 * Only the gate's policy of a configuration file. The rest of the file may be of no use to this version.
 *
 * @throws ActionError `usage` as `parseConfig` does
 */
export function parsePolicy(
  text: string | null,
  fileName: string,
  overrides: ConfigOverrides = noOverrides,
): GatePolicy {
  const source = readSource(text, fileName, policyOverrides(overrides))
  const result = policyFile.safeParse(source.value)
  if (!result.success) throw problemsError(fileName, schemaProblems(result.error.issues, source))
  return normaliseGate(result.data.gate)
}
