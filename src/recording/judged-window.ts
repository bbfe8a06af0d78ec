import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { serialiseBaseline, windowKey } from '../baseline/index.ts'
import type { BaselineWindow } from '../model/baseline.ts'

/** Beside the folders of the sides: the window that the run is judged against, as a baseline file that knows no other. */
export const judgedWindowFileName = 'baseline.json'

/** Keeps the window in the recording, so that `judge` comes to the same verdict from the folder alone. */
export async function recordWindow(folder: string, window: BaselineWindow | null, toolVersion: string): Promise<void> {
  const path = join(folder, judgedWindowFileName)
  if (window === null) {
    // An earlier run's window must not be taken for this one's.
    await rm(path, { force: true })
    return
  }
  await mkdir(folder, { recursive: true })
  const text = serialiseBaseline({
    schema: 'llm-perf-baseline/1',
    toolVersion,
    quantileMethod: 'harrell-davis',
    updatedAt: new Date().toISOString(),
    windows: { [windowKey(window)]: window },
  })
  await writeFile(path, text)
}
