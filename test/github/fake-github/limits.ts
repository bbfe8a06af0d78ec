import type { Ask } from './proxy.ts'

/** GitHub's own: https://docs.github.com/rest/checks/runs, and the answer of the API to a longer comment. */
const longestBody = 65_536
const longestSummary = 65_535
const mostAnnotations = 50

interface Body {
  readonly body?: unknown
  readonly output?: { readonly summary?: unknown; readonly text?: unknown; readonly annotations?: unknown }
}

/** What github.com would refuse with 422 and the package lets through; null when all is within the limits. */
export function tooLong({ method, path, body }: Ask): string | null {
  if (method !== 'POST' && method !== 'PATCH') return null
  const isComment = /\/issues\/(\d+\/comments|comments\/\d+)$|\/pulls(\/\d+)?$/.test(path)
  const isCheck = /\/check-runs(\/\d+)?$/.test(path)
  if (!isComment && !isCheck) return null
  const value = JSON.parse(body.toString() || '{}') as Body
  if (isComment && length(value.body) > longestBody) return `body is too long (maximum is ${longestBody} characters)`
  const { summary, text, annotations } = value.output ?? {}
  if (length(summary) > longestSummary || length(text) > longestSummary) {
    return `Only ${longestSummary} characters are allowed`
  }
  if (Array.isArray(annotations) && annotations.length > mostAnnotations) {
    return `No more than ${mostAnnotations} annotations`
  }
  return null
}

const length = (value: unknown): number => (typeof value === 'string' ? value.length : 0)
