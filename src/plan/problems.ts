import type { z } from 'zod'
import { ActionError, type ErrorCode } from '../errors.ts'
import { allowedKeys } from './json-schema.ts'
import { nearestName } from './nearest.ts'

export type KeyPath = readonly PropertyKey[]

/** Something in the configuration or the inputs that a person must correct. */
export interface Problem {
  /** Where it stands: `llm-perf.yml:12`, or the name of an input. */
  readonly where: string
  /** For sorting: line in the file, 0 for inputs. */
  readonly line: number
  /** `scenarios[0].requests`; empty when the place is the whole. */
  readonly key: string
  /** The value that was seen, as text; null when there is none to show. */
  readonly value: string | null
  /** What would be accepted. */
  readonly allowed: string
  /** What is wrong, when value and allowed do not say it all. */
  readonly message: string
}

/** Where values came from: knows the line of each key in the file, and which keys inputs have set. */
export interface Source {
  readonly value: unknown
  /** Builds the problem at a key. `seen` defaults to the value at `path`. */
  problemAt(path: KeyPath, allowed: string, message?: string, seen?: unknown): Problem
}

/** Every violation of the schema as a problem of its own. */
export function schemaProblems(issues: readonly z.core.$ZodIssue[], source: Source): readonly Problem[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [source.problemAt(issue.path, issue.message)]
    const known = allowedKeys(issue.path)
    return issue.keys.map((key) => {
      const nearest = nearestName(key, known)
      const message = nearest ? `unknown key; did you mean ${nearest}?` : 'unknown key'
      return source.problemAt([...issue.path, key], known.join(', '), message)
    })
  })
}

/** One error for all problems, in the order of the file. */
export function problemsError(subject: string, problems: readonly Problem[], code: ErrorCode = 'usage'): ActionError {
  const sorted = [...problems].sort((a, b) => a.line - b.line)
  const lines = [...new Set(sorted.map((problem) => `- ${renderProblem(problem)}`))]
  const count = lines.length === 1 ? 'a problem' : `${lines.length} problems`
  return new ActionError(
    code,
    `${subject}: ${count}. No server was started.\n${lines.join('\n')}`,
    'Correct what is named above and run again. llm-perf.schema.json lists every key, for editors too.',
  )
}

export function renderProblem(problem: Problem): string {
  const place = [problem.where, problem.key].filter((part) => part !== '').join(' ')
  const seen = problem.value === null ? 'missing' : `got ${problem.value}`
  const message = problem.message === '' ? '' : `${problem.message}; `
  return `${place}: ${message}${seen}; allowed: ${problem.allowed}`
}

/** `['scenarios', 0, 'requests']` as a person writes it: `scenarios[0].requests`. */
export function renderPath(path: KeyPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    return text === '' ? String(step) : `${text}.${String(step)}`
  }, '')
}

/** Longest value that a message quotes. */
const shownLength = 80

/** A value as it was seen. What stands in an environment may be a secret, so of that only the kind is told. */
export function renderValue(value: unknown, path: KeyPath): string | null {
  if (value === undefined) return null
  if (path[0] === 'server' && path[1] === 'env' && path.length > 2) return kindOf(value)
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value)
  return text.length > shownLength ? `${text.slice(0, shownLength)}…` : text
}

function kindOf(value: unknown): string {
  if (value === null) return 'nothing'
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`
}
