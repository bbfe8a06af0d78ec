/** A value of an answer, if it is an object. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null
}

export function asText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** A token count, or null for anything that cannot be one (NaN, negative, fraction, text). */
export function asCount(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
}

/** The value at a dot path (`choices.0.text`), or undefined. */
export function valueAt(value: unknown, path: string): unknown {
  let current = value
  for (const key of path.split('.')) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined
    current = (current as Record<string, unknown>)[key]
  }
  return current
}

/** The message of an `error` value, whatever its shape; null when there is none. */
export function errorMessage(error: unknown): string | null {
  if (error === undefined || error === null || error === false || error === '') return null
  if (typeof error === 'string') return error
  const message = asObject(error)?.message
  return typeof message === 'string' && message !== '' ? message : JSON.stringify(error)
}

/**
 * The message of an error that stands in place of an answer, in the shapes that servers use: `{error: "..."}`,
 * `{error: {message}}`, `{object: "error", message}`.
 */
export function answerError(value: Readonly<Record<string, unknown>>): string | null {
  const error = errorMessage(value.error)
  if (error !== null) return error
  return value.object === 'error' ? asText(value.message) || JSON.stringify(value) : null
}
