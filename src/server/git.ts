import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { ActionError } from '../errors.ts'
import { quoteLog } from './log-tail.ts'
import { cancelledError } from './waiting.ts'

const run = promisify(execFile)

export interface GitAnswer {
  readonly isOk: boolean
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs git in a repository. A non-zero exit is an answer, not an error.
 *
 * @throws ActionError `invalid` without git, `cancelled` when the signal fires.
 */
export async function git(repository: string, args: readonly string[], signal?: AbortSignal): Promise<GitAnswer> {
  try {
    const { stdout, stderr } = await run('git', ['-C', repository, ...args], {
      // Without a terminal, a question for a password would wait for ever.
      env: { ...process.env, GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
      maxBuffer: 64 * 1024 * 1024,
      windowsHide: true,
      ...(signal ? { signal } : {}),
    })
    return { isOk: true, stdout: stdout.trim(), stderr: stderr.trim() }
  } catch (error) {
    if (signal?.aborted) throw cancelledError(signal, `git ${args[0]} ran`)
    const failure = error as { code?: unknown; stdout?: string; stderr?: string }
    if (failure.code === 'ENOENT') {
      throw new ActionError(
        'invalid',
        'git could not be started.',
        'Install git on this runner: the base side is checked out with it.',
        { cause: error },
      )
    }
    return { isOk: false, stdout: failure.stdout?.trim() ?? '', stderr: failure.stderr?.trim() ?? String(error) }
  }
}

/** @throws ActionError `invalid` with what git said, when git refuses. */
export async function gitOrFail(
  repository: string,
  args: readonly string[],
  failure: { readonly message: string; readonly hint: string },
  signal?: AbortSignal,
): Promise<string> {
  const answer = await git(repository, args, signal)
  if (answer.isOk) return answer.stdout
  throw new ActionError('invalid', failure.message, `${failure.hint} git said:\n${quoteLog(answer.stderr)}`)
}
