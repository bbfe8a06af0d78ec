import { clip, longestLog, longestName, longestText } from './limits.ts'

/** How text from outside (names, messages, server output) enters a report without becoming part of its form. */
export interface Style {
  /** Running text on one line. */
  text(outside: string): string
  /** A name or command, set apart. */
  code(outside: string): string
}

/** Follows a character that would start a mention, a reference or a link; it has no width. */
const breaker = '\u200B'

/** Terminal colours, control characters, and characters that are not seen (direction, no width, line separators). */
const unseen = /(?![\n\t])(?:\p{Cc}\[[0-9;?]*[ -/]*[@-~]|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}])/gu

/** One line without characters that are not seen: fit for a terminal, of any length. */
export function oneLine(outside: string): string {
  return outside.replace(/\r\n?/g, '\n').replace(unseen, '').replace(/\s+/g, ' ').trim()
}

/**
 * Running text in GitHub's markdown. `<`, `>` and `&` become entities, so that no tag and no marker survives; what
 * forms a table, emphasis, code or links gets a backslash; mentions, issue numbers and bare links, which GitHub finds
 * in the finished text, are broken by a character without width.
 */
export function escapeMarkdown(outside: string): string {
  return clip(oneLine(outside), longestText)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]|~$]/g, '\\$&')
    .replace(/[@#](?=\w)/g, `$&${breaker}`)
    .replace(/:(?=\/\/)|\bwww(?=\.)|\bGH(?=-\d)/gi, `$&${breaker}`)
    .replace(/^([#+\-=]+)(?=\s|$)/, '\\$1')
    .replace(/^(\d+)(?=[.)](\s|$))/, '$1\\')
}

/**
 * A code span. Entities and backslashes mean nothing inside, so what could end the span or the table cell is replaced
 * by a lookalike.
 */
export function codeSpan(outside: string): string {
  const inner = clip(oneLine(outside), longestName)
    .replace(/`/g, 'ˋ')
    .replace(/\|/g, '¦')
    .replace(/<!--/g, `<!${breaker}--`)
  return inner === '' ? '-' : `\`${inner}\``
}

/**
 * A fenced block of several lines, cut at the front: the end of a log says why a server died. The fence is longer than
 * any run of backticks inside, so it cannot be closed from there.
 */
export function fence(outside: string): string {
  const clean = outside.replace(/\r\n?/g, '\n').replace(unseen, '').replace(/<!--/g, `<!${breaker}--`).trimEnd()
  const tail =
    clean.length > longestLog ? `…\n${clean.slice(clean.length - longestLog).replace(/^[^\n]*\n/, '')}` : clean
  const longestRun = Math.max(2, ...[...tail.matchAll(/`+/g)].map(([run]) => run.length))
  const marks = '`'.repeat(longestRun + 1)
  return `${marks}text\n${tail}\n${marks}`
}

/** A URL that cannot end the link it stands in; null when it is none. */
export function linkTarget(url: string | null): string | null {
  return url !== null && /^https?:\/\/[^\s()<>|]+$/.test(url) ? clip(url, 500) : null
}

export const markdownStyle: Style = { text: escapeMarkdown, code: codeSpan }

/** For a terminal: no control characters, so that a server's output cannot move the cursor or recolour the verdict. */
export const plainStyle: Style = {
  text: (outside) => clip(oneLine(outside), longestText),
  code: (outside) => clip(oneLine(outside), longestName) || '-',
}
