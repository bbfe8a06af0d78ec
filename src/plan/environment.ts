import { tmpdir } from 'node:os'
import { ActionError } from '../errors.ts'

/** What a runner says of itself and of the run, by the variables that it sets. */
export interface RunEnvironment {
  readonly eventName: string
  readonly eventPath: string
  readonly owner: string
  readonly repo: string
  readonly ref: string
  /** GITHUB_SHA: what actions/checkout checks out by default. */
  readonly sha: string
  readonly runAttempt: number
  /** Page of this run, for people. */
  readonly runUrl: string
  /** Folder of the action's own pages for people, of the version in use; null where the runner does not say. */
  readonly docsUrl: string | null
  /** Path of the workflow file in the repository; null where the runner does not say. */
  readonly workflowPath: string | null
  /** The user's checkout. */
  readonly workspace: string
  /** Emptied by the runner before and after each job. */
  readonly temp: string
}

const required = [
  'GITHUB_EVENT_NAME',
  'GITHUB_EVENT_PATH',
  'GITHUB_REPOSITORY',
  'GITHUB_REF',
  'GITHUB_SHA',
  'GITHUB_RUN_ID',
  'GITHUB_WORKSPACE',
] as const

/** @throws ActionError `usage` naming every variable that is missing or malformed */
export function runEnvironment(env: NodeJS.ProcessEnv): RunEnvironment {
  const missing = required.filter((name) => (env[name] ?? '') === '')
  const repository = env.GITHUB_REPOSITORY ?? ''
  const [owner = '', repo = '', ...rest] = repository.split('/')
  if (missing.length > 0) throw noRunner(`${missing.join(', ')}: not set`)
  if (owner === '' || repo === '' || rest.length > 0) {
    throw noRunner(`GITHUB_REPOSITORY is ${JSON.stringify(repository)}; allowed: owner/name`)
  }
  return {
    eventName: env.GITHUB_EVENT_NAME ?? '',
    eventPath: env.GITHUB_EVENT_PATH ?? '',
    owner,
    repo,
    ref: env.GITHUB_REF ?? '',
    sha: env.GITHUB_SHA ?? '',
    runAttempt: Number(env.GITHUB_RUN_ATTEMPT) || 1,
    runUrl: `${env.GITHUB_SERVER_URL ?? 'https://github.com'}/${repository}/actions/runs/${env.GITHUB_RUN_ID}`,
    docsUrl: docsUrl(env),
    workflowPath: workflowPath(env.GITHUB_WORKFLOW_REF, repository),
    workspace: env.GITHUB_WORKSPACE ?? '',
    temp: env.RUNNER_TEMP || tmpdir(),
  }
}

/** The action's repository and ref are not said of an action that stands in the user's own checkout. */
function docsUrl({ GITHUB_ACTION_REPOSITORY: repository, GITHUB_ACTION_REF: ref, ...env }: NodeJS.ProcessEnv) {
  const isKnown = /^[\w.-]+\/[\w.-]+$/.test(repository ?? '') && /^[\w./-]+$/.test(ref ?? '')
  return isKnown ? `${env.GITHUB_SERVER_URL ?? 'https://github.com'}/${repository}/blob/${ref}/docs` : null
}

/**
 * `owner/name/.github/workflows/perf.yml@refs/pull/1/merge` names the workflow file. Null when it is not said, or
 * stands in another repository.
 */
function workflowPath(workflowRef: string | undefined, repository: string): string | null {
  const path = workflowRef?.split('@')[0] ?? ''
  return path.startsWith(`${repository}/`) ? path.slice(repository.length + 1) : null
}

function noRunner(what: string): ActionError {
  return new ActionError(
    'usage',
    `This does not look like a step of a GitHub workflow: ${what}.`,
    'Run the action by a workflow. From a terminal, use the llm-perf command.',
  )
}
