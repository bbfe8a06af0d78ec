import { homedir } from 'node:os'
import { join } from 'node:path'
import type { ServerName } from './recipe.ts'

/** Where what is installed lies, never in the repository: LLM_PERF_CACHE, or in the cache folder of this user. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const userCache = env.XDG_CACHE_HOME || env.LOCALAPPDATA || join(homedir(), '.cache')
  return env.LLM_PERF_CACHE || join(userCache, 'llm-perf')
}

export function serverFolder(name: ServerName, env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheFolder(env), 'servers', name)
}
