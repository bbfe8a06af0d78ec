import { createSign } from 'node:crypto'

export interface Tokens {
  /** The owner of the repository: pushes, opens pull requests. */
  readonly dev: string
  /** A user who may comment, and who is not us. */
  readonly stranger: string
  /** The token of a job with contents, pull-requests, issues and checks: write; its author is github-actions[bot]. */
  readonly job: string
  /** The token of a fork's pull request, or of a job with `contents: read` alone. */
  readonly readOnly: string
}

const appId = 1
const installationId = 1

/** Installation tokens are minted as an app would, since the package enforces permissions for these alone. */
export async function mintTokens(
  backendUrl: string,
  privateKey: string,
  people: Pick<Tokens, 'dev' | 'stranger'>,
): Promise<Tokens> {
  const mint = async (permissions?: Record<string, string>): Promise<string> => {
    const response = await fetch(`${backendUrl}/app/installations/${installationId}/access_tokens`, {
      method: 'POST',
      headers: { authorization: `Bearer ${appJwt(privateKey)}`, 'content-type': 'application/json' },
      body: JSON.stringify(permissions ? { permissions } : {}),
    })
    const { token } = (await response.json()) as { token?: string }
    if (!token) throw new Error(`no installation token: ${response.status}`)
    return token
  }
  return { ...people, job: await mint(), readOnly: await mint({ contents: 'read', metadata: 'read' }) }
}

/** @see https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app */
function appJwt(privateKey: string): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const now = Math.floor(Date.now() / 1_000)
  const unsigned = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode({ iat: now - 30, exp: now + 300, iss: String(appId) })}`
  return `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(privateKey, 'base64url')}`
}
