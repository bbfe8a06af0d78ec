import { embedded } from './embedded.ts'
import { fastapi } from './fastapi.ts'
import { llamaServer } from './llama-server.ts'
import type { ServerName, ServerRecipe } from './recipe.ts'
import { vllm } from './vllm.ts'

export { serverFolder } from './cache-folder.ts'
export { type ServerName, type ServerRecipe, type ServerStart, serverNames } from './recipe.ts'

/** Every real server by its name. */
export const recipes: Readonly<Record<ServerName, ServerRecipe>> = {
  embedded,
  'llama-server': llamaServer,
  fastapi,
  vllm,
}
