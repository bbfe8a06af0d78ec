import { ActionError } from '../errors.ts'
import type { RunEvent } from './event.ts'
import type { Mode } from './inputs.ts'

/** What this run is for. */
export type Purpose =
  | { readonly kind: 'judge-pull-request' }
  /** Measures the default branch and appends to its baseline; calibrates while there is none. */
  | { readonly kind: 'update-baseline' }
  /** Many trials of one commit: a fresh window with its noise. */
  | { readonly kind: 'calibrate' }
  /** Says how this would be judged, at which cost and how well; measures nothing. */
  | { readonly kind: 'plan' }
  /** Joins what the shards of a pull request have measured; measures nothing. */
  | { readonly kind: 'merge' }

/**
 * Mode and event make the purpose. Code of a fork is never run, and only the default branch makes a baseline.
 *
 * @throws ActionError `usage` with why, and what to do instead
 */
export function choosePurpose(mode: Mode, event: RunEvent): Purpose {
  if (event.kind === 'pull-request') {
    if (mode === 'baseline' || mode === 'calibrate') throw wrongMode(mode, event)
    if (event.isFork) throw forkRefusal(event.headRepository)
    return { kind: mode === 'plan' || mode === 'merge' ? mode : 'judge-pull-request' }
  }
  if (mode === 'pull-request' || mode === 'merge') throw wrongMode(mode, event)
  if (mode === 'plan') return { kind: 'plan' }
  if (!event.isDefaultBranch) throw branchRefusal(event.branch, event.defaultBranch)
  return { kind: mode === 'calibrate' ? 'calibrate' : 'update-baseline' }
}

function wrongMode(mode: Mode, event: RunEvent): ActionError {
  const allowed = event.kind === 'pull-request' ? 'auto, pull-request, plan, merge' : 'auto, baseline, calibrate, plan'
  return new ActionError(
    'usage',
    `input \`mode\`: got "${mode}", but this run was started by ${event.eventName}; allowed on it: ${allowed}.`,
    'Leave `mode` out, or give it only in the job of the event that it is meant for.',
  )
}

function forkRefusal(headRepository: string | null): ActionError {
  const origin = headRepository === null ? 'a fork that was deleted since' : `the fork ${headRepository}`
  return new ActionError(
    'usage',
    `This pull request comes from ${origin}. Its code is not run on this machine: whoever opened it would own the machine.`,
    'Once the change is reviewed, push it to a branch of this repository and open the pull request from there. Keep forks away from ' +
      'the job with `if: github.event.pull_request.head.repo.full_name == github.repository`.',
  )
}

function branchRefusal(branch: string, defaultBranch: string): ActionError {
  return new ActionError(
    'usage',
    `The branch ${branch} makes no baseline; only the default branch ${defaultBranch} does.`,
    `Start this on ${defaultBranch} (\`on: push: branches: [${defaultBranch}]\`), or open a pull request from ${branch} to have it judged.`,
  )
}
