export { connectGitHub } from './client.ts'
export { createGitHub } from './github.ts'
export type { CommentResult, FileUpdate, FileUpdated, GitHub, GitHubOptions, PullRequest } from './types.ts'
