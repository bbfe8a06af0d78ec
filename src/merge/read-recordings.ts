import { relative } from 'node:path'
import { windowOfRunner } from '../baseline/index.ts'
import { ActionError } from '../errors.ts'
import type { BaselineWindow } from '../model/baseline.ts'
import type { Finding } from '../model/trial.ts'
import { readOrNull } from '../read-or-null.ts'
import { readConclusion } from '../recording/judged-report.ts'
import { placesIn, type RecordedRun, readRun } from '../recording/recorded-run.ts'
import { findRecordings } from './find-recordings.ts'
import { type FoundRecording, mergeFinding } from './recording.ts'

export interface FoundRecordings {
  readonly recordings: readonly FoundRecording[]
  /** One for each that cannot be read: it is not skipped in silence. */
  readonly findings: readonly Finding[]
}

/** Reads every recording in a folder. */
export async function readRecordings(folder: string): Promise<FoundRecordings> {
  const recordings: FoundRecording[] = []
  const findings: Finding[] = []
  // One at a time: the requests of one need not stay in memory while the next is read.
  for (const path of await findRecordings(folder)) {
    const name = relative(folder, path).replaceAll('\\', '/') || '.'
    try {
      recordings.push({ name, ...(await readOne(path)) })
    } catch (error) {
      if (!(error instanceof ActionError)) throw error
      findings.push(
        mergeFinding('unreadable-recording', `The recording in ${name} cannot be read: ${error.message}`, error.hint),
      )
    }
  }
  if (recordings.length + findings.length === 0) findings.push(nothingFound)
  return { recordings, findings }
}

const nothingFound = mergeFinding(
  'no-recordings',
  'There is no recording of any shard in the folder of input `recordings`.',
  'Look at the jobs of the shards: each uploads its `recording-path` with actions/upload-artifact, and this job downloads all of them with actions/download-artifact.',
)

async function readOne(path: string): Promise<Omit<FoundRecording, 'name'>> {
  const places = placesIn(path)
  const run = await readRun(places)
  return { run, window: readRecordedWindow(places.window, run), conclusion: readConclusion(path) }
}

function readRecordedWindow(path: string | null, { head }: RecordedRun): BaselineWindow | null {
  if (path === null) return null
  const owner = { runnerClass: head.runnerClass, shard: head.plan.gate.shard }
  const window = windowOfRunner(readOrNull(path), path, owner, otherWindow)
  if (window !== null) return window
  throw new ActionError('invalid', `${path} holds the window of another shard.`, otherWindow)
}

const otherWindow = 'The recording was put together from several runs. Upload each as its job has written it.'
