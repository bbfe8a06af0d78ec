import { mkdir, open, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunFile, TrialRecord } from '../model/recording.ts'
import type { RequestRecord } from '../model/request.ts'

/** File names inside a recording's folder. */
export const runFileName = 'run.json'
export const requestsFileName = 'requests.jsonl'

/** Writes the recording of one side, trial by trial. */
export interface RecordingWriter {
  readonly directory: string
  /** A trial counts once its lines are on disk and run.json names it: a crash loses at most the trial in flight. */
  append(trial: TrialRecord, requests: readonly RequestRecord[]): Promise<void>
}

/** Starts a new recording in `directory` (created, and emptied of an earlier recording's two files). */
export async function createRecording(directory: string, header: Omit<RunFile, 'trials'>): Promise<RecordingWriter> {
  await mkdir(directory, { recursive: true })
  const trials: TrialRecord[] = []
  await writeFile(join(directory, requestsFileName), '')
  await writeRunFile(directory, { ...header, trials })
  return {
    directory,
    async append(trial, requests) {
      await appendLines(join(directory, requestsFileName), requests)
      trials.push(trial)
      await writeRunFile(directory, { ...header, trials })
    },
  }
}

async function appendLines(path: string, requests: readonly RequestRecord[]): Promise<void> {
  const file = await open(path, 'a')
  try {
    await file.writeFile(requests.map((request) => `${JSON.stringify(request)}\n`).join(''))
    await file.sync()
  } finally {
    await file.close()
  }
}

async function writeRunFile(directory: string, run: RunFile): Promise<void> {
  const path = join(directory, runFileName)
  await writeFile(`${path}.new`, `${JSON.stringify(run, null, 2)}\n`)
  await rename(`${path}.new`, path)
}
