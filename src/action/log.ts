import { endGroup, info, startGroup, warning } from '@actions/core'
import type { Log } from '../log.ts'

/** Least time between two progress lines in the job's log: it is read live, and kept for ever. */
const progressEveryMs = 10_000

/** The engine's log as workflow commands: each phase a group, so that the log reads as a table of contents. */
export function actionLog(now: () => number = () => performance.now()): Log {
  let lastProgressMs = now()
  return {
    info,
    warning,
    async group(name, body) {
      startGroup(name)
      try {
        return await body()
      } finally {
        endGroup()
      }
    },
    progress(text) {
      if (now() - lastProgressMs < progressEveryMs) return
      lastProgressMs = now()
      info(text)
    },
  }
}
