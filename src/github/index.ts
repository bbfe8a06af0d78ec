export { connectGitHub } from './client.ts'
export { createGitHub } from './github.ts'
export type {
  CheckResult,
  CheckRun,
  CommentResult,
  FileUpdate,
  FileUpdated,
  GitHub,
  GitHubOptions,
  PullRequest,
} from './types.ts'
