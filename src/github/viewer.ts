import { read } from './retry.ts'
import type { Connection } from './types.ts'

/**
 * The login that comments by this token carry, e.g. `github-actions[bot]`; null when GitHub does not tell. Asked by
 * GraphQL, since `GET /user` is closed to the tokens of workflows and apps.
 */
export async function ownLogin(connection: Connection): Promise<string | null> {
  try {
    const { viewer } = await read(connection, 'ask for the own login', () =>
      connection.octokit.graphql<{ viewer: { login: string } }>('query { viewer { login } }'),
    )
    return viewer.login
  } catch {
    return null
  }
}
