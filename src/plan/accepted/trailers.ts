import { nearestName } from '../nearest.ts'

/** What a line of a commit message that means an acceptance, or was meant as one, comes to. */
export interface AcceptLine {
  /** As written, before the colon. */
  readonly key: string
  /** After the colon, continuation lines joined. */
  readonly value: string
  /** `text`: the key is right, but the line stands in running text, where nothing is a trailer. */
  readonly kind: 'trailer' | 'text' | 'misspelt'
}

export const trailerKey = 'LLM-Perf-Accept'

const key = trailerKey.toLowerCase()
/** Names that look much like the key and mean something else. */
const others = ['llm-perf-action']

const trailerLine = /^[A-Za-z0-9-]+\s*:/
/** What git itself writes below a message; beside such a line, git takes a trailer that stands among other text. */
const writtenByGit = /^(Signed-off-by: |\(cherry picked from commit )/

/**
 * The acceptances in a commit message, by git's own rules of trailers: the case of the key does not matter, a line that
 * begins with white space continues the one before, and the title is never a trailer. One thing is wider: any paragraph of
 * trailers counts, not only the last one, since a squash merge joins the messages of several commits into one.
 *
 * @see https://git-scm.com/docs/git-interpret-trailers
 */
export function acceptLines(message: string): AcceptLine[] {
  const paragraphs = message
    .replace(/\r\n?/g, '\n')
    .split(/\n(?:[^\S\n]*\n)+/)
    .map(unfold)
  return paragraphs.flatMap((lines, index) => {
    const isBlock = index > 0 && isTrailerBlock(lines)
    return lines.flatMap((line) => readLine(line, isBlock))
  })
}

/** The lines of a paragraph, each with its continuation. */
function unfold(paragraph: string): string[] {
  const lines: string[] = []
  for (const line of paragraph.split('\n')) {
    const last = lines.length - 1
    if (/^\s/.test(line) && last >= 0) lines[last] = `${lines[last]} ${line.trim()}`
    else lines.push(line.trimEnd())
  }
  return lines.filter((line) => line !== '')
}

function isTrailerBlock(lines: readonly string[]): boolean {
  const isTrailer = (line: string) => trailerLine.test(line) || writtenByGit.test(line)
  const trailers = lines.filter(isTrailer).length
  const others = lines.length - trailers
  return trailers > 0 && (others === 0 || (lines.some((line) => writtenByGit.test(line)) && trailers * 3 >= others))
}

function readLine(line: string, isBlock: boolean): AcceptLine[] {
  const colon = line.indexOf(':')
  if (colon < 0) return []
  const written = line.slice(0, colon).trim()
  const value = line.slice(colon + 1).trim()
  if (written.toLowerCase() === key) return [{ key: written, value, kind: isBlock ? 'trailer' : 'text' }]
  const isNear = /^[\w .-]+$/.test(written) && nearestName(written, [key, ...others]) === key
  return isNear ? [{ key: written, value, kind: 'misspelt' }] : []
}
