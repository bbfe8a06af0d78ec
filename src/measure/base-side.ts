import { join } from 'node:path'
import { ActionError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { ServerConfig } from '../model/config.ts'
import { type ConfigOverrides, parseConfig, promptReader } from '../plan/index.ts'
import { readOrNull } from '../read-or-null.ts'
import type { Session } from '../session.ts'
import type { MeasuredSide } from './side.ts'

export interface BaseSide {
  readonly commit: string
  /** Path of the configuration in the repository. */
  readonly configPath: string
  readonly overrides: ConfigOverrides
  /** The head's, for a commit that has no configuration yet. */
  readonly headServer: ServerConfig
  readonly session: Session
  readonly log: Log
}

/**
 * A work tree of the base commit. It starts its server as its own configuration says: a changed command is part of the
 * change that is measured.
 *
 * @throws ActionError `invalid` when that configuration cannot be used.
 */
export async function locateBase(base: BaseSide): Promise<MeasuredSide> {
  const { commit, configPath, headServer, session, log } = base
  const root = await session.worktree(commit)
  const text = readOrNull(join(root, configPath))
  if (text === null) log.warning(`${commit.slice(0, 12)} has no ${configPath}: head's server command starts it too.`)
  const server = text === null ? headServer : serverOf(text, base, root)
  return { side: 'base', commit, root, server }
}

function serverOf(text: string, { commit, configPath, overrides }: BaseSide, root: string): ServerConfig {
  try {
    return parseConfig(text, configPath, overrides, promptReader(root)).server
  } catch (error) {
    if (!(error instanceof ActionError)) throw error
    throw new ActionError(
      'invalid',
      `The base side ${commit.slice(0, 12)} cannot be started. ${error.message}`,
      `Repair ${configPath} on the base branch first.`,
      { cause: error },
    )
  }
}
