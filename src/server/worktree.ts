import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { devNull } from 'node:os'
import { relative, resolve } from 'node:path'
import { ActionError } from '../errors.ts'
import { git, gitOrFail } from './git.ts'

export interface WorktreeOptions {
  readonly repository: string
  readonly commit: string
  /** Made here; a work tree that an earlier run left behind is replaced. */
  readonly directory: string
  readonly signal: AbortSignal
}

export interface Worktree {
  readonly directory: string
  /** May be called more than once. */
  remove(): Promise<void>
}

/**
 * A second checkout of the repository. Hooks of the repository do not run: they are for people.
 *
 * @throws ActionError `invalid` when the commit is not there or git refuses.
 */
export async function addWorktree({ repository, commit, directory, signal }: WorktreeOptions): Promise<Worktree> {
  await gitOrFail(
    repository,
    ['rev-parse', '--verify', '--end-of-options', `${commit}^{commit}`],
    { message: `Commit ${commit} is not in the clone.`, hint: 'Set `fetch-depth: 0` in the actions/checkout step.' },
    signal,
  )
  await removeWorktree(repository, directory)
  try {
    await gitOrFail(
      repository,
      ['-c', `core.hooksPath=${devNull}`, 'worktree', 'add', '--quiet', '--detach', directory, commit],
      {
        message: `Commit ${commit} could not be checked out into ${directory}.`,
        hint: 'Check free disk space and rights.',
      },
      signal,
    )
  } catch (error) {
    await removeWorktree(repository, directory)
    throw error
  }
  return { directory, remove: () => removeWorktree(repository, directory) }
}

/** Removes a work tree and git's notes about it. One that is already gone, or only half there, is fine. */
export async function removeWorktree(repository: string, directory: string): Promise<void> {
  assertOutsideOf(repository, directory)
  if (existsSync(repository)) await git(repository, ['worktree', 'remove', '--force', '--force', directory])
  await rm(directory, { recursive: true, force: true, maxRetries: 3 })
  if (existsSync(repository)) await git(repository, ['worktree', 'prune'])
}

/** The folder is deleted, so it must not be the repository itself or one that holds it. */
function assertOutsideOf(repository: string, directory: string): void {
  const fromDirectory = relative(resolve(directory), resolve(repository))
  if (fromDirectory !== '' && (fromDirectory.startsWith('..') || resolve(repository, fromDirectory) === fromDirectory))
    return
  throw new ActionError(
    'usage',
    `The folder ${directory} for the base side holds the repository itself.`,
    'Choose a folder of its own, such as one below RUNNER_TEMP.',
  )
}
