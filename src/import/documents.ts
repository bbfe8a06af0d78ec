import { messageOf } from '../errors.ts'
import type { Document } from './imported.ts'
import { malformed } from './refusal.ts'

/**
 * The JSON values of a result file: one, or one a line. Python writes `NaN` and `Infinity`, which JSON does not have:
 * they are read as texts, so that whoever needs a number there can name the key.
 *
 * @throws ActionError `usage` when it is empty, cut off, or not JSON
 */
export function parseDocuments(path: string, text: string): Document[] {
  const content = text.replace(/^\uFEFF/, '')
  if (content.trim() === '') throw malformed(`${path}: the file is empty.`, emptyHint)
  const whole = tryParse(content)
  if ('value' in whole) return [{ where: path, value: whole.value }]
  const lines = content.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [{ line, number: index + 1 }]))
  const first = tryParse(lines[0]?.line ?? '')
  if (lines.length === 1 || !('value' in first)) throw malformed(`${path}: not JSON (${whole.problem}).`, cutOffHint)
  return lines.map(({ line, number }) => {
    const where = `${path}:${number}`
    const parsed = tryParse(line)
    if ('value' in parsed) return { where, value: parsed.value }
    throw malformed(`${where}: not JSON (${parsed.problem}).`, cutOffHint)
  })
}

const emptyHint = 'The tool did not finish, or wrote somewhere else. Look at its output, then measure again.'
const cutOffHint =
  'A file that ends in the middle was still being written. Wait until the tool has ended, or measure again.'

type Parsed = { readonly value: unknown } | { readonly problem: string }

function tryParse(text: string): Parsed {
  try {
    return { value: JSON.parse(text) }
  } catch (error) {
    const spelled = text.replace(pythonNumbers, (piece) => (piece.startsWith('"') ? piece : `"${piece}"`))
    if (spelled === text) return { problem: messageOf(error) }
    try {
      return { value: JSON.parse(spelled) }
    } catch {
      return { problem: messageOf(error) }
    }
  }
}

/** Strings too, so that the words inside them stay as they are. */
const pythonNumbers = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g
