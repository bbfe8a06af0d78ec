import { ActionError } from '../../errors.ts'
import { viewOf } from '../checks/view.ts'
import { readSource } from '../document.ts'
import type { ConfigOverrides } from '../overrides.ts'
import type { Source } from '../problems.ts'
import { leaf } from '../schema.ts'
import type { NamedFile } from './prompt-sets.ts'

/** The types of API that take a list of messages. */
export const chatTypes: ReadonlySet<string> = new Set(['openai-chat', 'ollama-chat'])

/** Every prompt file that the configuration names, in its order; a name that is wrong by itself is left out. */
export function namedPromptFiles(source: Source): readonly NamedFile[] {
  const { scenarios = [], matrix } = viewOf(source.value)
  const listed = scenarios.map(({ prompts }, index) => ({ file: prompts, path: ['scenarios', index, 'prompts'] }))
  const inMatrix = [(matrix as { prompts?: unknown } | undefined)?.prompts].flat().map((prompts) => ({
    file: leaf.prompts.safeParse(prompts).data,
    path: ['matrix', 'prompts'],
  }))
  return [...listed, ...inMatrix].flatMap(({ file, path }) => (file === undefined ? [] : [{ file, path }]))
}

/** Whether the API of the configuration takes conversations. */
export function takesMessages(source: Source): boolean {
  const { api } = viewOf(source.value)
  return chatTypes.has(api.type ?? '')
}

/** Names of the prompt files of a configuration that lies elsewhere, to be fetched before it is parsed; none if it is no YAML. */
export function promptFilesOf(text: string, fileName: string, overrides: ConfigOverrides): readonly string[] {
  try {
    return [...new Set(namedPromptFiles(readSource(text, fileName, overrides)).map(({ file }) => file))]
  } catch (error) {
    if (error instanceof ActionError) return []
    throw error
  }
}
