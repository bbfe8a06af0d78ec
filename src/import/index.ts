import { createHash } from 'node:crypto'
import { parseDocuments } from './documents.ts'
import { formats } from './formats/index.ts'
import type { Document, Format, ImportedRun } from './imported.ts'
import { malformed } from './refusal.ts'
import { soundRun } from './sound.ts'

export { describeRuns } from './describe-runs.ts'
export type { ImportedMetric, ImportedRun } from './imported.ts'
export { importNotes } from './notes.ts'
export { type GivenPlan, toRecording } from './to-recording.ts'

/** A result file as read from disk. */
export interface ResultFile {
  readonly path: string
  readonly text: string
}

/**
 * Reads result files of other tools, each number in our terms and stamped with its origin. The kind of a file is told by
 * its keys, never by its name.
 *
 * @returns the runs of all files, in the order given
 * @throws ActionError `usage` for a file that is damaged, unknown or given twice; `invalid` for one without a result
 */
export function readResults(files: readonly ResultFile[]): ImportedRun[] {
  const parsed = files.map(({ path, text }) => ({ path, documents: parseDocuments(path, text) }))
  assertDistinct(parsed.flatMap(({ documents }) => documents))
  return parsed.flatMap(({ path, documents }) => formatOf(path, documents).read(documents).map(soundRun))
}

function formatOf(path: string, documents: readonly Document[]): Format {
  const [first] = documents
  const format = first && formats.find((candidate) => candidate.recognises(first.value))
  if (!format) {
    const known = formats.map(({ files }) => `- ${files}`).join('\n')
    throw malformed(`${path}: this is no result file that is known.`, `Known are:\n${known}`)
  }
  const stranger = documents.find((document) => !format.recognises(document.value))
  if (stranger) throw malformed(`${stranger.where}: this line is not of ${format.files}, as the first one is.`)
  return format
}

/** One measurement given twice would count as two, however it is spaced or joined. */
function assertDistinct(documents: readonly Document[]): void {
  const seen = new Map<string, string>()
  for (const { where, value } of documents) {
    const digest = createHash('sha256').update(JSON.stringify(value)).digest('hex')
    const twin = seen.get(digest)
    if (twin !== undefined) {
      throw malformed(`${where} holds the same as ${twin}.`, 'Give each measurement once: a copy is no repetition.')
    }
    seen.set(digest, where)
  }
}
