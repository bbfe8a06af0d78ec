import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** A folder of artifacts holds recordings, or folders that hold them: more than that nobody uploads. */
const deepest = 2

/**
 * The recordings in a folder, sorted: the folder itself, a folder each as actions/download-artifact makes them, or a folder
 * within each where more than the recording was uploaded. None where there is no such folder.
 *
 * @returns paths that begin with `folder`
 */
export async function findRecordings(folder: string, depth = 0): Promise<string[]> {
  if (existsSync(join(folder, 'head'))) return [folder]
  if (depth === deepest) return []
  const inside = await Promise.all(
    (await foldersIn(folder)).map((name) => findRecordings(join(folder, name), depth + 1)),
  )
  return inside.flat()
}

async function foldersIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
