import type { getOctokit } from '@actions/github'

export type Octokit = ReturnType<typeof getOctokit>

export interface GitHubOptions {
  readonly octokit: Octokit
  readonly owner: string
  readonly repo: string
  /** Waits before another try; tests pass one that does not. */
  readonly wait?: (milliseconds: number) => Promise<void>
  /** One line for a person: what is tried again, and why. Never holds a token. */
  readonly log: (line: string) => void
}

/** Options with every default filled in. */
export type Connection = Required<GitHubOptions>

export type CommentResult = { readonly url: string } | { readonly problem: string }

/** A finished check of a commit. */
export interface CheckRun {
  /** Stable from run to run: a required check is found by it. */
  readonly name: string
  readonly headSha: string
  /** `neutral` lets a required check pass, and is neither green nor red. */
  readonly conclusion: 'success' | 'failure' | 'neutral'
  /** One line, plain text. */
  readonly title: string
  /** Markdown; what GitHub would find too long is cut, and says so. */
  readonly summary: string
  /** Tells this run's check from that of an earlier run on the same commit. */
  readonly externalId: string
  readonly detailsUrl: string
}

/** `isDenied`: the token may not write checks, as far as GitHub says. */
export type CheckResult = { readonly url: string } | { readonly problem: string; readonly isDenied: boolean }

export interface FileUpdate {
  readonly branch: string
  readonly path: string
  /** Commit message. */
  readonly message: string
  /**
   * Makes the new text from the present one (null: the file does not exist). Called again after each lost race, and
   * after a lost answer on a text that may hold this update already, so it must be idempotent.
   */
  readonly update: (current: string | null) => string
  /** Jobs that update the file at about the same time, this one among them: each may win a race against this one. */
  readonly writers?: number
}

export interface FileUpdated {
  /** The commit that holds the update. */
  readonly commit: string
  /** 1: no race was lost. */
  readonly attempts: number
}

export interface PullRequest {
  readonly number: number
  readonly headSha: string
  /** `owner/name`; null when the fork was deleted. */
  readonly headRepository: string | null
  readonly baseRef: string
}

export interface GitHub {
  /**
   * The text of a file at a branch, tag or commit; null when the file is not there. A missing ref, or a token that may
   * not read, is an error and never null: "no baseline" must not be a guess.
   *
   * @throws ActionError `invalid`
   */
  readFile(path: string, ref: string): Promise<string | null>
  /**
   * One comment per pull request and marker: updated where it exists, else created. The marker must be the first line
   * of the body.
   *
   * @param summaryUrl - Where the full report stands, for a comment that GitHub finds too long.
   * @returns The comment's address, or the problem in words that name the missing permission. Never throws: a comment
   *   that cannot be written does not change a verdict.
   */
  upsertComment(pull: number, marker: string, body: string, summaryUrl?: string | null): Promise<CommentResult>
  /**
   * A check run of its own on a commit. Never throws: a check that cannot be written does not change a verdict.
   */
  writeCheckRun(check: CheckRun): Promise<CheckResult>
  /**
   * Compare-and-swap on one file: a concurrent update is read, merged and written again, never overwritten.
   *
   * @throws ActionError `invalid` naming the permission or the branch protection in the way, or that every try lost.
   */
  updateFile(update: FileUpdate): Promise<FileUpdated>
  /** @throws ActionError `invalid` */
  pullRequest(number: number): Promise<PullRequest>
}
