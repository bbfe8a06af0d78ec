import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { git } from './git.ts'

/** Files of a repository by path. */
export type Files = Readonly<Record<string, string>>

export function writeFiles(directory: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
}

/** Writes and commits; returns the new sha. */
export function commitFiles(directory: string, files: Files, message: string): string {
  writeFiles(directory, files)
  git(directory, 'add', '--all')
  git(directory, 'commit', '--quiet', '--message', message)
  return git(directory, 'rev-parse', 'HEAD')
}
