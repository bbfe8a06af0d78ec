import { type Document, isMap, LineCounter, parseDocument } from 'yaml'
import { messageOf } from '../errors.ts'
import { applyOverrides, type ConfigOverrides, type Override } from './overrides.ts'
import { type KeyPath, type Problem, problemsError, renderPath, renderValue, type Source } from './problems.ts'
import { offsetOf, syntaxFaults } from './yaml-text.ts'

const noLine = 0

/**
 * The values of a configuration file with overrides in their place, and where each of them came from.
 *
 * @param text of the file; null: there is none, the overrides are all there is
 * @throws ActionError `usage` when the file is no YAML mapping, or an override no YAML
 */
export function readSource(text: string | null, fileName: string, overrides: ConfigOverrides): Source {
  const problems: Problem[] = overrides.flatMap(overrideProblem)
  const file = text === null ? null : readFile(text, fileName, problems)
  if (problems.length > 0) throw problemsError(fileName, problems)
  const value = applyOverrides(file?.value ?? { version: 1 }, overrides)
  return {
    value,
    problemAt(path, allowed, message = '', seen = valueAt(value, path)) {
      const place = placeOf(path, fileName, file?.lineOf ?? (() => noLine), overrides)
      return { ...place, value: renderValue(seen, path), allowed, message }
    },
  }
}

function placeOf(
  path: KeyPath,
  fileName: string,
  lineOf: (path: KeyPath) => number,
  overrides: ConfigOverrides,
): Pick<Problem, 'where' | 'line' | 'key'> {
  const override = overrides.find((candidate) => candidate.path.every((step, index) => step === path[index]))
  if (override) return { where: override.source, line: noLine, key: renderPath(path.slice(override.path.length)) }
  const line = lineOf(path)
  return { where: line === noLine ? fileName : `${fileName}:${line}`, line, key: renderPath(path) }
}

function overrideProblem(override: Override): readonly Problem[] {
  if (override.kind === 'text') return []
  const value = renderValue(override.text, override.path)
  return syntaxFaults(parseDocument(override.text, { prettyErrors: false })).map(({ allowed, message }) => {
    return { where: override.source, line: noLine, key: '', value, allowed, message }
  })
}

interface ReadFile {
  readonly value: unknown
  /** Line of the key at a path, or of the nearest key above it that the file has. */
  lineOf(path: KeyPath): number
}

/** Adds to `problems` what is wrong with the text as YAML. */
function readFile(text: string, fileName: string, problems: Problem[]): ReadFile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const lineAt = (offset: number) => lines.linePos(offset).line
  for (const fault of syntaxFaults(document)) {
    const line = lineAt(fault.offset)
    const value = renderValue(text.split('\n')[line - 1]?.trim() ?? '', [])
    problems.push({
      where: `${fileName}:${line}`,
      line,
      key: '',
      value,
      allowed: fault.allowed,
      message: fault.message,
    })
  }
  const value = problems.length === 0 ? toValue(document, fileName, problems) : undefined
  return { value, lineOf: (path) => lineAt(offsetOf(document, path)) }
}

function toValue(document: Document, fileName: string, problems: Problem[]): unknown {
  const allowed = 'a mapping that starts with version: 1 and has server, and scenarios or matrix'
  const refuse = (message: string, seen: string | null) => {
    problems.push({ where: fileName, line: noLine, key: '', value: seen ?? 'nothing', allowed, message })
  }
  try {
    const value = document.toJS() as unknown
    if (isMap(document.contents)) return value
    if (value === null || value === undefined) refuse('the file is empty', null)
    else refuse('the file is not a mapping', renderValue(value, []))
  } catch (error) {
    refuse(`not usable as YAML: ${messageOf(error)}`, null)
  }
  return undefined
}

function valueAt(value: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>(
    (inner, step) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[step],
    value,
  )
}
