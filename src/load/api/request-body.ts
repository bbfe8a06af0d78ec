import type { HttpRequest } from './api.ts'
import { asObject } from './json.ts'

/**
 * A POST request with a body of our own keys and those of `api.extra-body`, which win. Objects of both are merged one
 * level deep (`options`, `parameters`); null takes a key away, for servers that refuse one of ours.
 */
export function postJson(
  path: string,
  own: Readonly<Record<string, unknown>>,
  extra: Readonly<Record<string, unknown>>,
): HttpRequest {
  const body: Record<string, unknown> = { ...own }
  for (const [key, value] of Object.entries(extra)) {
    const [ours, theirs] = [asObject(own[key]), asObject(value)]
    body[key] = ours && theirs ? withoutNulls({ ...ours, ...theirs }) : value
  }
  return { method: 'POST', path, body: Buffer.from(JSON.stringify(withoutNulls(body))) }
}

function withoutNulls(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null))
}
