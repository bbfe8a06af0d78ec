import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  branchTip,
  type FakeGitHub,
  fetchCommit,
  mirrorCommit,
  openPull,
  type Remote,
  setBranch,
} from '../github/fake-github/index.ts'
import { commitFiles, type Files } from './files.ts'
import { git } from './git.ts'

/** A checked-out repository and the event that a runner would get with it. */
export interface Job {
  readonly workspace: string
  readonly eventName: string
  readonly event: unknown
  readonly environment: Readonly<Record<string, string>>
  /** Null on a push. */
  readonly pull: number | null
}

/**
 * The team's repository in its three places: a developer's clone, the git server (a bare repository), and GitHub's API.
 * Commits have the same SHAs everywhere.
 */
export class World {
  readonly #github: FakeGitHub
  readonly #remote: Remote
  readonly #developer: string
  readonly #server: string
  readonly #root: string
  #runs = 0

  constructor(root: string, github: FakeGitHub) {
    this.#root = root
    this.#github = github
    this.#developer = join(root, 'developer')
    this.#server = join(root, 'server.git')
    this.#remote = { apiUrl: github.apiUrl, token: github.tokens.dev, owner: github.owner, repo: github.repo }
    mkdirSync(root, { recursive: true })
    git(root, 'init', '--quiet', '--bare', '--initial-branch=main', this.#server)
    git(root, 'init', '--quiet', '--initial-branch=main', this.#developer)
    git(this.#developer, 'remote', 'add', 'origin', this.#server)
  }

  /** Commits to main and pushes, as the first push of a new repository. */
  async pushToMain(files: Files, message: string): Promise<Job> {
    if (this.#runs > 0) git(this.#developer, 'checkout', '--quiet', 'main')
    commitFiles(this.#developer, files, message)
    return await this.#publishMain()
  }

  /** A branch from main with a change, and the pull request for it. */
  async openPull(branch: string, files: Files, title: string): Promise<Job> {
    git(this.#developer, 'checkout', '--quiet', '-b', branch, 'main')
    const head = commitFiles(this.#developer, files, title)
    await mirrorCommit(this.#remote, this.#developer, head)
    await setBranch(this.#remote, branch, head)
    const pull = await openPull(this.#remote, { head: branch, base: 'main', title })
    git(this.#developer, 'checkout', '--quiet', '-B', `merge-${pull}`, 'main')
    git(this.#developer, 'merge', '--quiet', '--no-ff', '--message', `Merge ${branch} into main`, branch)
    const merge = git(this.#developer, 'rev-parse', 'HEAD')
    git(this.#developer, 'push', '--quiet', 'origin', `HEAD:refs/pull/${pull}/merge`, `${branch}:${branch}`)
    return this.#job({
      ref: `refs/pull/${pull}/merge`,
      sha: merge,
      eventName: 'pull_request',
      pull,
      payload: {
        action: 'opened',
        number: pull,
        pull_request: {
          number: pull,
          head: { sha: head, ref: branch, repo: { full_name: this.#fullName } },
          base: { ref: 'main', sha: git(this.#developer, 'rev-parse', 'main'), repo: { full_name: this.#fullName } },
        },
      },
    })
  }

  /** Merges a branch into main and pushes, as the button on the pull request does. */
  async merge(branch: string): Promise<Job> {
    git(this.#developer, 'checkout', '--quiet', 'main')
    git(this.#developer, 'merge', '--quiet', '--no-ff', '--message', `Merge ${branch}`, branch)
    return await this.#publishMain()
  }

  /** Brings commits that were made through the API (a baseline) to the git server and the developer. */
  async pullMain(): Promise<void> {
    const tip = await branchTip(this.#remote, 'main')
    await fetchCommit(this.#remote, this.#developer, tip)
    git(this.#developer, 'checkout', '--quiet', 'main')
    git(this.#developer, 'merge', '--quiet', '--ff-only', tip)
    git(this.#developer, 'push', '--quiet', 'origin', 'main')
  }

  /** A file of main as GitHub has it; null when it is not there. */
  async fileOnMain(path: string): Promise<string | null> {
    await this.pullMain()
    try {
      return git(this.#developer, 'show', `main:${path}`)
    } catch {
      return null
    }
  }

  get #fullName(): string {
    return `${this.#github.owner}/${this.#github.repo}`
  }

  async #publishMain(): Promise<Job> {
    const sha = git(this.#developer, 'rev-parse', 'main')
    const [before] = git(this.#developer, 'ls-remote', 'origin', 'refs/heads/main').split('\t')
    git(this.#developer, 'push', '--quiet', 'origin', 'main')
    await mirrorCommit(this.#remote, this.#developer, sha)
    await setBranch(this.#remote, 'main', sha)
    return this.#job({
      ref: 'refs/heads/main',
      sha,
      eventName: 'push',
      pull: null,
      payload: { before: before || '0'.repeat(40), after: sha },
    })
  }

  #job(run: { ref: string; sha: string; eventName: string; pull: number | null; payload: object }): Job {
    this.#runs += 1
    const workspace = join(this.#root, `workspace-${this.#runs}`)
    git(this.#root, 'clone', '--quiet', '--no-checkout', `file://${this.#server}`, workspace)
    git(workspace, 'fetch', '--quiet', 'origin', `+${run.ref}:refs/remotes/checked-out`)
    git(workspace, 'checkout', '--quiet', '--detach', run.sha)
    return {
      workspace,
      pull: run.pull,
      eventName: run.eventName,
      event: { ref: run.ref, repository: { full_name: this.#fullName, default_branch: 'main' }, ...run.payload },
      environment: {
        GITHUB_REPOSITORY: this.#fullName,
        GITHUB_REF: run.ref,
        GITHUB_SHA: run.sha,
        GITHUB_RUN_ID: String(1000 + this.#runs),
        GITHUB_RUN_ATTEMPT: '1',
        GITHUB_SERVER_URL: 'https://github.com',
        GITHUB_API_URL: this.#github.apiUrl,
        GITHUB_WORKFLOW_REF: `${this.#fullName}/.github/workflows/llm-perf.yml@${run.ref}`,
        RUNNER_ENVIRONMENT: 'self-hosted',
      },
    }
  }
}
