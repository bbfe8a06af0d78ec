import { writeCheckRun } from './check-run.ts'
import { upsertComment } from './comments.ts'
import { readFile } from './files-read.ts'
import { updateFile } from './files-update.ts'
import { pullRequest } from './pull-request.ts'
import { sleep } from './retry.ts'
import type { Connection, GitHub, GitHubOptions } from './types.ts'

/** GitHub as the product sees it: few operations, each safe against races, limits and missing permissions. */
export function createGitHub(options: GitHubOptions): GitHub {
  const connection: Connection = { wait: sleep, ...options }
  return {
    readFile: (path, ref) => readFile(connection, path, ref),
    upsertComment: (pull, marker, body, summaryUrl = null) =>
      upsertComment(connection, { pull, marker, body, summaryUrl }),
    writeCheckRun: (check) => writeCheckRun(connection, check),
    updateFile: (update) => updateFile(connection, update),
    pullRequest: (number) => pullRequest(connection, number),
  }
}
