import type { Log } from '../log.ts'

/** Least time between two progress lines where nothing can be overwritten. */
const plainProgressEveryMs = 10_000

/** A terminal's stream, or a file or pipe in its place. */
export interface TextStream {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** The log of the terminal: on a TTY progress is one live line, elsewhere a plain line now and then. */
export function terminalLog(
  stream: TextStream,
  now: () => number = () => performance.now(),
): Log & { readonly end: () => void } {
  let isLive = false
  let lastProgressMs = Number.NEGATIVE_INFINITY
  const clear = () => {
    if (isLive) stream.write('\r\u001b[2K')
    isLive = false
  }
  const line = (text: string) => {
    clear()
    stream.write(`${text}\n`)
  }
  return {
    info: line,
    warning: (text) => line(`Warning: ${text}`),
    async group(name, body) {
      line(`${name} ...`)
      return await body()
    },
    progress(text) {
      if (stream.isTTY) {
        stream.write(`\r\u001b[2K${text.slice(0, (stream.columns ?? 80) - 1)}`)
        isLive = true
      } else if (now() - lastProgressMs >= plainProgressEveryMs) {
        lastProgressMs = now()
        line(text)
      }
    },
    end: clear,
  }
}
