/** Half of GitHub's 65,536: whatever it counts (characters, bytes after encoding), this passes. */
const commentLimit = { length: 30_000, what: 'a comment' }

/**
 * The beginning of a text that is too long for GitHub: cut at the end of a line, what was left open is closed, and a
 * last line says that it was cut and where the whole stands.
 *
 * @param limit UTF-16 units that are kept, and the words for what the text was to become
 */
export function shortenBody(body: string, summaryUrl: string | null, { length, what } = commentLimit): string {
  const cut = body.slice(0, length)
  const lines = body.length > length ? cut.slice(0, Math.max(cut.lastIndexOf('\n'), 0)) : cut
  const where = summaryUrl === null ? 'the summary of the job' : `[the summary of the job](${summaryUrl})`
  return `${lines}${closing(lines)}\n\nThis report was too long for ${what} and is cut here. The whole stands in ${where}.\n`
}

/** What closes a code fence and `<details>` that are still open at the end of the text. */
function closing(text: string): string {
  let fence: string | null = null
  let details = 0
  for (const line of text.split('\n')) {
    const marks = /^(`{3,})/.exec(line)?.[1]
    if (fence !== null) {
      if (marks && marks.length >= fence.length && line.trim() === marks) fence = null
    } else if (marks) fence = marks
    else if (line.startsWith('<details>')) details += 1
    else if (line.startsWith('</details>')) details -= 1
  }
  return `${fence === null ? '' : `\n${fence}`}${'\n\n</details>'.repeat(Math.max(details, 0))}`
}
