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
  const body = mergeBodies(own, extra)
  for (const key of Object.keys(extra)) {
    const merged = asObject(own[key]) && asObject(body[key])
    if (merged) body[key] = withoutNulls(merged)
  }
  return { method: 'POST', path, body: Buffer.from(JSON.stringify(withoutNulls(body))) }
}

/** The keys of both, where the second wins; objects of both are merged one level deep. Nulls stay. */
export function mergeBodies(
  first: Readonly<Record<string, unknown>>,
  second: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const body: Record<string, unknown> = { ...first }
  for (const [key, value] of Object.entries(second)) {
    const [one, other] = [asObject(first[key]), asObject(value)]
    body[key] = one && other ? { ...one, ...other } : value
  }
  return body
}

function withoutNulls(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  // The rule, and written with each request.
  if (!Object.values(body).includes(null)) return body
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null))
}
