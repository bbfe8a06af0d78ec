import { z } from 'zod'
import { ActionError, messageOf } from '../errors.ts'
import type { PullRequestLabel } from './accepted/index.ts'
import { type RunEnvironment, runEnvironment } from './environment.ts'

/** What every run knows, whatever started it. */
export interface EventBase extends RunEnvironment {
  readonly defaultBranch: string
}

export interface PullRequestEvent extends EventBase {
  readonly kind: 'pull-request'
  readonly number: number
  /** Tip of the pull request. `sha` is GitHub's test merge of it with the base branch. */
  readonly headSha: string
  readonly headRef: string
  /** `owner/name` of where the head lives; null once that fork is deleted. */
  readonly headRepository: string | null
  readonly isFork: boolean
  readonly baseRef: string
  /** As they were when the event was sent: a re-run does not see a label that was set since. */
  readonly labels: readonly PullRequestLabel[]
}

export interface PushEvent extends EventBase {
  readonly kind: 'push'
  readonly branch: string
  readonly isDefaultBranch: boolean
  /** Tip of the branch before the push; null when the push made the branch, or does not say. */
  readonly before: string | null
}

/** Started by hand or by a schedule. */
export interface DispatchEvent extends EventBase {
  readonly kind: 'dispatch'
  readonly branch: string
  readonly isDefaultBranch: boolean
}

export type RunEvent = PullRequestEvent | PushEvent | DispatchEvent

const supported = 'Supported events: pull_request, push to a branch, workflow_dispatch and schedule.'

/** Events that look as if they should work, and why they do not. */
const refusals: Readonly<Record<string, string>> = {
  pull_request_target:
    'It hands secrets and a token that may write to code of the pull request, which this action would build and run. Use pull_request.',
  merge_group: 'A merge group is no pull request that could be commented on, nor a commit of the default branch.',
  workflow_run: 'It runs on the default branch and has no pull request of its own. Use pull_request or push.',
}

const repositorySchema = z.object({ full_name: z.string().min(1), default_branch: z.string().min(1) })
const sha = z.string().regex(/^[0-9a-f]{40,64}$/)

const named = z.object({ name: z.string() })

const pullRequestSchema = z.object({
  repository: repositorySchema,
  action: z.string().nullish(),
  /** The one that was just set, on action `labeled`. */
  label: named.nullish(),
  sender: z.object({ login: z.string() }).nullish(),
  pull_request: z.object({
    number: z.int().positive(),
    head: z.object({ sha, ref: z.string(), repo: z.object({ full_name: z.string() }).nullish() }),
    base: z.object({ ref: z.string().min(1) }),
    labels: z.array(named).nullish(),
  }),
})

const branchSchema = z.object({ repository: repositorySchema, deleted: z.boolean().optional(), before: sha.nullish() })

/**
 * The event that started this run, from the variables and the payload file that a runner provides.
 *
 * @param readFile reads the payload, given its path
 * @throws ActionError `usage` for an event that is not supported, or surroundings that are no runner's
 */
export function readEvent(env: NodeJS.ProcessEnv, readFile: (path: string) => string): RunEvent {
  const run = runEnvironment(env)
  if (refusals[run.eventName] !== undefined) throw unsupported(run.eventName, refusals[run.eventName] ?? '')
  const payload = readPayload(run.eventPath, readFile)
  switch (run.eventName) {
    case 'pull_request':
      return pullRequestEvent(run, check(pullRequestSchema, payload, run))
    case 'push':
      return pushEvent(run, check(branchSchema, payload, run))
    case 'workflow_dispatch':
    case 'schedule':
      return { kind: 'dispatch', ...branchEvent(run, check(branchSchema, payload, run)) }
    default:
      throw unsupported(run.eventName, 'This action does not know what to measure against what on it.')
  }
}

function pullRequestEvent(run: RunEnvironment, payload: z.infer<typeof pullRequestSchema>): PullRequestEvent {
  const { number, head, base } = payload.pull_request
  const headRepository = head.repo?.full_name ?? null
  return {
    ...run,
    kind: 'pull-request',
    defaultBranch: payload.repository.default_branch,
    number,
    headSha: head.sha,
    headRef: head.ref,
    headRepository,
    isFork: headRepository?.toLowerCase() !== payload.repository.full_name.toLowerCase(),
    baseRef: base.ref,
    labels: labelsOf(payload),
  }
}

function labelsOf({ action, label, sender, pull_request }: z.infer<typeof pullRequestSchema>): PullRequestLabel[] {
  const isNew = (name: string) => action === 'labeled' && label?.name === name
  return (pull_request.labels ?? []).map(({ name }) => ({ name, setBy: isNew(name) ? (sender?.login ?? null) : null }))
}

function pushEvent(run: RunEnvironment, payload: z.infer<typeof branchSchema>): PushEvent {
  const before = payload.before ?? null
  // GitHub writes zeros where there was no branch.
  return { kind: 'push', ...branchEvent(run, payload), before: before === null || /^0+$/.test(before) ? null : before }
}

function branchEvent(run: RunEnvironment, payload: z.infer<typeof branchSchema>): Omit<DispatchEvent, 'kind'> {
  const branch = /^refs\/heads\/(.+)$/.exec(run.ref)?.[1]
  if (branch === undefined) throw unsupported(run.eventName, `GITHUB_REF is ${run.ref}, which is no branch.`)
  if (payload.deleted) throw unsupported(run.eventName, `The branch ${branch} was deleted.`)
  const defaultBranch = payload.repository.default_branch
  return { ...run, defaultBranch, branch, isDefaultBranch: branch === defaultBranch }
}

function readPayload(path: string, readFile: (path: string) => string): unknown {
  try {
    return JSON.parse(readFile(path)) as unknown
  } catch (error) {
    throw new ActionError(
      'usage',
      `The event payload ${path} (GITHUB_EVENT_PATH) cannot be read: ${messageOf(error)}.`,
      'A runner writes this file as JSON. Outside a runner, use the llm-perf command.',
    )
  }
}

/** @throws ActionError naming what the payload lacks */
function check<T>(schema: z.ZodType<T>, payload: unknown, run: RunEnvironment): T {
  const result = schema.safeParse(payload)
  if (result.success) return result.data
  const lacks = result.error.issues.map((issue) => `${issue.path.join('.')} (${issue.message})`)
  throw new ActionError(
    'usage',
    `The payload of the event ${run.eventName} in ${run.eventPath} is not as GitHub writes it: ${lacks.join('; ')}.`,
    'Run this action on the event that it was started by, with the payload unchanged.',
  )
}

function unsupported(eventName: string, why: string): ActionError {
  return new ActionError('usage', `The event ${eventName} is not supported here. ${why}`, supported)
}
