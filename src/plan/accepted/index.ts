export { type Acceptance, type AcceptanceSources, type PullRequestLabel, readAcceptance } from './read-acceptance.ts'
