import { homedir } from 'node:os'
import { join } from 'node:path'
import type { ServerName } from './recipe.ts'

/** Where a server is installed, never in the repository: below LLM_PERF_CACHE, or the cache folder of this user. */
export function serverFolder(name: ServerName, env: NodeJS.ProcessEnv = process.env): string {
  const userCache = env.XDG_CACHE_HOME || env.LOCALAPPDATA || join(homedir(), '.cache')
  return join(env.LLM_PERF_CACHE || join(userCache, 'llm-perf'), 'servers', name)
}
