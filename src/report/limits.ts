/**
 * UTF-16 units of a comment. GitHub refuses more than 65,536 characters with 422; the distance leaves room for what is
 * counted differently there.
 */
export const longestComment = 60_000

/**
 * Bytes of a step summary. Above 1 MiB the runner drops the whole summary and the job stays green.
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#step-isolation-and-limits
 */
export const longestSummaryBytes = 1_000_000

/** Characters of one text from outside (a reason, a finding), so that no single one can push out the table. */
export const longestText = 400

/** Characters of a scenario's name in a table. */
export const longestName = 80

/** Characters of a server's log tail. */
export const longestLog = 4_000

/** Cuts at a whole character and says so by an ellipsis. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text
  const cut = text.slice(0, length - 1)
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`
}
