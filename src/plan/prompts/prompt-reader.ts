import { readFileSync, realpathSync, statSync } from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'

/** Text of a prompt file; null when there is none. Throws, with a sentence, when there is one that must not be read. */
export type PromptReader = (file: string) => string | null

/** Where no checkout is at hand, no file is either. */
export const noPromptFiles: PromptReader = () => null

const mebibyte = 2 ** 20
/** Prompts travel through the repository and GitHub's API; more than this belongs into neither. */
const mostMebibytes = 32

/**
 * Reads prompt files of one checkout. A link that leads out of it is not followed: a pull request must not be able to
 * have a file of the machine read and quoted.
 *
 * @param root of the checkout
 */
export function promptReader(root: string): PromptReader {
  return (file) => {
    const path = realPath(join(root, file))
    if (path === null) return null
    const inside = relative(realpathSync(root), path)
    if (inside.startsWith('..') || isAbsolute(inside)) throw new Error('it is a link that leads out of the checkout')
    const stat = statSync(path)
    if (!stat.isFile()) throw new Error('it is not a file')
    if (stat.size > mostMebibytes * mebibyte) {
      throw new Error(`it has ${Math.ceil(stat.size / mebibyte)} MiB; at most ${mostMebibytes} are read`)
    }
    return readFileSync(path, 'utf8')
  }
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
