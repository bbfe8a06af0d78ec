/** A failure or finding taken apart: a sentence each, and the log that either carries after its first line. */
export interface Said {
  readonly message: string
  readonly hint: string
  /** A server's last lines, a list of problems; null when there is none. */
  readonly log: string | null
}

export function said(message: string, hint: string): Said {
  const [first = '', ...rest] = message.trim().split('\n')
  const [advice = '', ...more] = hint.trim().split('\n')
  const log = [...rest, ...more].join('\n').trim()
  return { message: first, hint: advice, log: log === '' ? null : log }
}
