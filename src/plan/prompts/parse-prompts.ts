import { messageOf } from '../../errors.ts'
import type { OwnPrompt } from '../../model/own-prompt.ts'
import { readEntry } from './entry.ts'

/** Something wrong with a prompt file. */
export interface PromptFault {
  /** `line 12`, `entry 3` of an array, or empty for the whole file. */
  readonly where: string
  /** What stands there; null: nothing to show. */
  readonly seen: unknown
  readonly message: string
  readonly allowed: string
}

export interface ParsedPrompts {
  /** In the order of the file; worth nothing while there are faults. */
  readonly prompts: readonly OwnPrompt[]
  readonly faults: readonly PromptFault[]
}

/** Far more than a benchmark needs, and still read in a moment. */
const mostPrompts = 100_000
/** One prompt alone would be no mixture, and a cache could answer for it. */
const fewestDistinct = 2

/**
 * Reads the prompts of a file: JSON Lines, or one JSON array (as ShareGPT has it). Which of the two it is, and the shape
 * of each entry, is seen from the content. The whole file is checked: all faults are told, not only the first.
 */
export function parsePrompts(text: string): ParsedPrompts {
  const entries = /^\s*\[/.test(text) ? arrayEntries(text) : lineEntries(text)
  if ('message' in entries) return { prompts: [], faults: [entries] }
  if (entries.length > mostPrompts) {
    return { prompts: [], faults: [whole(`${entries.length} prompts`, `at most ${mostPrompts} prompts`)] }
  }
  const prompts: OwnPrompt[] = []
  const faults: PromptFault[] = []
  for (const { where, value, broken } of entries) {
    const read = broken === null ? readEntry(value) : notJson(broken.reason)
    if ('prompt' in read) prompts.push(read.prompt)
    else faults.push({ where, seen: broken === null ? value : broken.line, ...read })
  }
  return { prompts, faults: faults.length > 0 ? faults : wholeFaults(text, prompts) }
}

/** One prompt of the file, not looked into yet. */
interface Entry {
  readonly where: string
  readonly value: unknown
  /** Null when it is JSON. */
  readonly broken: { readonly line: string; readonly reason: string } | null
}

function lineEntries(text: string): readonly Entry[] {
  return text.split('\n').flatMap((line, index): Entry[] => {
    if (line.trim() === '') return []
    const where = `line ${index + 1}`
    try {
      return [{ where, value: JSON.parse(line) as unknown, broken: null }]
    } catch (error) {
      return [{ where, value: undefined, broken: { line, reason: messageOf(error) } }]
    }
  })
}

function arrayEntries(text: string): readonly Entry[] | PromptFault {
  try {
    const values = JSON.parse(text) as unknown[]
    return values.map((value, index) => ({ where: `entry ${index + 1}`, value, broken: null }))
  } catch (error) {
    return { where: '', seen: null, ...notJson(messageOf(error)) }
  }
}

function wholeFaults(text: string, prompts: readonly OwnPrompt[]): readonly PromptFault[] {
  // What decoding puts in the place of bytes that are no UTF-8.
  if (text.includes('\uFFFD')) return [whole('it holds bytes that are no UTF-8', 'text in UTF-8')]
  const distinct = new Set(prompts.map((prompt) => JSON.stringify(prompt))).size
  if (distinct >= fewestDistinct) return []
  return [whole(`${distinct} different prompts`, `at least ${fewestDistinct} different prompts`)]
}

const whole = (message: string, allowed: string): PromptFault => ({
  where: '',
  seen: null,
  message,
  allowed,
})

/** The reason quotes what stands in the file, so only its first line, and that cut. */
function notJson(reason: string): Pick<PromptFault, 'message' | 'allowed'> {
  const [first = ''] = reason.split('\n')
  return {
    message: `not JSON: ${first.slice(0, 120)}`,
    allowed: 'a JSON object or a JSON text on each line, or one JSON array',
  }
}
