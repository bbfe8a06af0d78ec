import { apis, type FailureMatrix, isStrict, type Row, type ToolResult } from './result.ts'

/** Head and rows of the matrix for a person: `20 / 20` successes by completions / chat; what was missed is bold. */
export function failureTable({ tools, rows }: FailureMatrix): string[][] {
  const names = Object.keys(tools)
  const head = ['fault', ...names.flatMap((name) => [`${tools[name]}: counted as success`, 'exit code'])]
  return [head, ...rows.map((row) => [row.title, ...names.flatMap((name) => cells(row, row.tools[name]))])]
}

function cells(row: Row, result: ToolResult | undefined): [string, string] {
  if (!result) return ['not run', 'not run']
  const counted = apis.map((api) => {
    const outcome = result.counted[api]
    if (!outcome) return '–'
    return mark(String(outcome.successes ?? 'no count'), isStrict(row, outcome))
  })
  const { exitCode } = result.ending
  const isRight = row.fault === 'none' ? exitCode === 0 : exitCode !== 0 && exitCode !== null
  return [counted.join(' / '), mark(exitCode === null ? 'never ends' : String(exitCode), isRight)]
}

function mark(text: string, isRight: boolean): string {
  return isRight ? text : `**${text}**`
}
