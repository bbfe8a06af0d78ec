import { createHash } from 'node:crypto'
import { messageOf } from '../../errors.ts'
import type { Conversation, OwnPrompt } from '../../model/own-prompt.ts'
import type { KeyPath, Problem, Source } from '../problems.ts'
import { type PromptFault, parsePrompts } from './parse-prompts.ts'
import type { PromptReader } from './prompt-reader.ts'

/** What a prompt file came to. */
export interface PromptSet {
  readonly prompts: readonly OwnPrompt[]
  /** Of the text in UTF-8, in hex; the same for either kind of line end, since git may change those. */
  readonly sha256: string
  /** Mean length of a prompt, nominal: a token for every four characters. What it really costs only the server can count. */
  readonly nominalTokens: number
}

/** By the file's name as the configuration has it. */
export type PromptSets = ReadonlyMap<string, PromptSet>

/** A file that the configuration names, and where it does. */
export interface NamedFile {
  readonly file: string
  readonly path: KeyPath
}

const charactersPerToken = 4
/** More faults of one file than this help nobody. */
const shownFaults = 20

/**
 * Reads and checks every prompt file that is named.
 *
 * @param takesMessages whether the API of the configuration takes conversations
 */
export function readPromptSets(
  named: readonly NamedFile[],
  source: Source,
  read: PromptReader,
  takesMessages: boolean,
): { readonly sets: PromptSets; readonly problems: readonly Problem[] } {
  const sets = new Map<string, PromptSet>()
  const problems: Problem[] = []
  const seen = new Set<string>()
  for (const { file, path } of named) {
    if (seen.has(file)) continue
    seen.add(file)
    const text = textOf(file, read)
    const { prompts, faults } = typeof text === 'string' ? parsePrompts(text) : { prompts: [], faults: [text] }
    const allFaults = faults.length > 0 || takesMessages ? faults : messageFaults(prompts)
    problems.push(...allFaults.slice(0, shownFaults).map((fault) => problemOf(fault, file, path, source)))
    if (allFaults.length > shownFaults) problems.push(problemOf(more(allFaults.length), file, path, source))
    if (allFaults.length === 0 && typeof text === 'string') sets.set(file, setOf(text, prompts))
  }
  return { sets, problems }
}

function textOf(file: string, read: PromptReader): string | PromptFault {
  const allowed = 'a file of the checkout: JSON Lines or a JSON array'
  try {
    // A byte order mark is none of the text; not every way to read a file keeps it.
    const text = read(file)
      ?.replace(/^\uFEFF/, '')
      .replaceAll('\r\n', '\n')
    return text ?? { where: '', seen: null, message: 'there is no such file', allowed }
  } catch (error) {
    return { where: '', seen: null, message: `it cannot be read: ${messageOf(error)}`, allowed }
  }
}

function messageFaults(prompts: readonly OwnPrompt[]): readonly PromptFault[] {
  const index = prompts.findIndex((prompt) => typeof prompt !== 'string')
  if (index < 0) return []
  const message = `prompt ${index + 1} is a list of messages, which the API of api.type does not take`
  return [{ where: '', seen: null, message, allowed: 'texts, or an api.type that ends in -chat' }]
}

function more(count: number): PromptFault {
  const message = `${count - shownFaults} more problems in this file`
  return { where: '', seen: null, message, allowed: 'as above' }
}

/** Told where the file has it, in the place that the configuration's key has among all problems. */
function problemOf(fault: PromptFault, file: string, path: KeyPath, source: Source): Problem {
  const { where, seen, message, allowed } = fault
  if (where === '') return source.problemAt(path, allowed, message, file)
  return { ...source.problemAt(path, allowed, message, seen), where: file, key: where }
}

function setOf(text: string, prompts: readonly OwnPrompt[]): PromptSet {
  const characters = prompts.reduce((sum, prompt) => sum + lengthOf(prompt), 0)
  return {
    prompts,
    sha256: createHash('sha256').update(text).digest('hex'),
    nominalTokens: Math.max(1, Math.round(characters / prompts.length / charactersPerToken)),
  }
}

function lengthOf(prompt: string | Conversation): number {
  if (typeof prompt === 'string') return prompt.length
  return prompt.messages.reduce((sum, { content }) => sum + content.length, 0)
}
