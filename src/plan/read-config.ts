import { ActionError } from '../errors.ts'
import type { Config } from '../model/config.ts'
import { parseConfig } from './config-file.ts'
import type { ConfigOverrides } from './overrides.ts'
import type { PromptReader } from './prompts/prompt-reader.ts'

export interface LoadedConfig {
  readonly config: Config
  /** Text of the file; null when there is none and the overrides say it all. */
  readonly text: string | null
}

const example = `version: 1
server:
  command: vllm serve my-model --port {{port}}
scenarios:
  - { prompt-tokens: 512, output-tokens: 64, concurrency: 4 }`

/**
 * Reads and validates the configuration file, with overrides in place. The file may be missing when the overrides give
 * a server command, and scenarios or a matrix.
 *
 * @param options.path where to read
 * @param options.fileName as a person knows it
 * @param options.readFile text of the file; null when there is none
 * @param options.readPrompts reads the prompt files that scenarios name, from the same checkout
 * @throws ActionError `usage`
 */
export function readConfig(options: {
  readonly path: string
  readonly fileName: string
  readonly overrides: ConfigOverrides
  readonly readFile: (path: string) => string | null
  readonly readPrompts?: PromptReader
}): LoadedConfig {
  const { path, fileName, overrides, readFile, readPrompts } = options
  const text = readFile(path)
  if (text === null && !isEnough(overrides)) {
    throw new ActionError(
      'usage',
      `${fileName}: there is no such file; looked for it at ${path}. No server was started.`,
      `Write it there, for example:\n${example}\nOr set server-command, and scenarios or matrix, without a file.`,
    )
  }
  return { config: parseConfig(text, fileName, overrides, readPrompts), text }
}

function isEnough(overrides: ConfigOverrides): boolean {
  const given = new Set(overrides.map((override) => override.path.join('.')))
  return given.has('server.command') && (given.has('scenarios') || given.has('matrix'))
}
