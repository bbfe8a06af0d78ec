import { type Answer, type Ask, forward, json, type ProxyOptions } from './proxy.ts'

interface Pull {
  readonly number: number
  readonly head: { readonly sha: string }
  readonly base: { readonly sha: string }
}

/** Routes that the package lacks or answers wrongly. Null: ask the package. */
export function missingRoutes(options: ProxyOptions): (ask: Ask) => Promise<Answer | null> {
  const { backendUrl, owner, repo, knownTokens } = options
  const root = `/repos/${owner}/${repo}`
  const statuses = new Map<string, unknown[]>()
  const jobTokens: (string | null)[] = [knownTokens.job, knownTokens.readOnly]
  const get = async <T>(ask: Ask, path: string, query = ''): Promise<T> =>
    JSON.parse(String((await forward(backendUrl, { ...ask, method: 'GET', path, query })).body)) as T

  return async (ask) => {
    const route = `${ask.method} ${ask.path.replace(root, '')}`
    const isJob = jobTokens.includes(ask.token)
    if (route === 'GET /user' && isJob) return json(403, { message: 'Resource not accessible by integration' })
    if (route === 'POST /graphql') {
      if (!ask.token) return json(401, { message: 'Requires authentication' })
      const login = isJob ? 'github-actions[bot]' : (await get<{ login: string }>(ask, '/user')).login
      return json(200, { data: { viewer: { login } } })
    }
    const status = /^(?:POST \/statuses|GET \/commits)\/([0-9a-f]{40})(?:\/statuses)?$/.exec(route)
    if (status?.[1] && /status/.test(route)) {
      const list = statuses.get(status[1]) ?? []
      if (ask.method === 'GET') return json(200, list)
      const created = { id: list.length + 1, ...(JSON.parse(ask.body.toString()) as object) }
      statuses.set(status[1], [created, ...list])
      return json(201, created)
    }
    const pullsOf = /^GET \/commits\/([0-9a-f]{40})\/pulls$/.exec(route)
    if (pullsOf) {
      const pulls = await get<Pull[]>(ask, `${root}/pulls`, '?state=all&per_page=100')
      return json(
        200,
        pulls.filter(({ head }) => head.sha === pullsOf[1]),
      )
    }
    const filesOf = /^GET \/pulls\/(\d+)\/files$/.exec(route)
    if (filesOf) {
      const pull = await get<Pull>(ask, `${root}/pulls/${filesOf[1]}`)
      const path = `${root}/compare/${pull.base.sha}...${pull.head.sha}`
      return json(200, (await get<{ files?: unknown[] }>(ask, path)).files ?? [])
    }
    return null
  }
}
