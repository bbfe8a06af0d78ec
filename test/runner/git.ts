import { execFileSync } from 'node:child_process'

/** Runs git in `directory` and returns its trimmed output. Dates and author are fixed only where a caller passes them. */
export function git(directory: string, ...args: readonly string[]): string {
  const identity = ['-c', 'user.name=Dana Dev', '-c', 'user.email=dana@example.com', '-c', 'commit.gpgsign=false']
  return execFileSync('git', ['-C', directory, ...identity, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
  }).trim()
}
