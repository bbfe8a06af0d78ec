/** The real servers that tests can run against. */
export const serverNames = ['embedded', 'llama-server', 'fastapi', 'vllm'] as const
export type ServerName = (typeof serverNames)[number]

/** How an installed server is started; `{{port}}` is the port. Words as in a configuration's `server` section. */
export interface ServerStart {
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly readyPath: string
  readonly readyTimeoutSeconds: number
  readonly stopGraceSeconds: number
}

/** One real server: how it is installed without a GPU and without downloading a model, and how it is started. */
export interface ServerRecipe {
  readonly name: ServerName
  /** What the installation costs, for the person who decides. */
  readonly cost: string
  /** Does what is still missing; may be interrupted and run again. */
  install(folder: string): Promise<void>
  isInstalled(folder: string): boolean
  /** @param folder the same that it was installed into */
  start(folder: string): ServerStart
}
