import { parse } from 'yaml'

interface ActionInput {
  readonly description: string
  readonly default?: string
}

export interface ActionFile {
  readonly inputs: Readonly<Record<string, ActionInput>>
  readonly outputs: Readonly<Record<string, { readonly description: string }>>
  readonly runs: Readonly<Record<string, string>>
}

export function parseAction(text: string): ActionFile {
  return parse(text) as ActionFile
}

/** Markdown table of the inputs, as the README shows it. */
export function renderInputsTable(action: ActionFile): string {
  const rows = Object.entries(action.inputs).map(([name, input]) => [
    `\`${name}\``,
    input.default === undefined ? '' : `\`${input.default}\``,
    input.description,
  ])
  return renderTable(['input', 'default', 'what it does'], rows)
}

export function renderOutputsTable(action: ActionFile): string {
  const rows = Object.entries(action.outputs).map(([name, output]) => [`\`${name}\``, output.description])
  return renderTable(['output', 'what it is'], rows)
}

/**
 * The text with everything between `<!-- name:start -->` and `<!-- name:end -->` replaced by `content`.
 *
 * @throws Error when the markers are missing, doubled or in the wrong order
 */
export function replaceSection(text: string, name: string, content: string): string {
  const start = `<!-- ${name}:start -->`
  const end = `<!-- ${name}:end -->`
  const [before, rest, ...moreStarts] = text.split(start)
  const [, after, ...moreEnds] = (rest ?? '').split(end)
  if (after === undefined || moreStarts.length > 0 || moreEnds.length > 0) {
    throw new Error(`Expected ${start} and then ${end}, each once.`)
  }
  return `${before}${start}\n${content}\n${end}${after}`
}

/** Markdown table; cells may hold anything. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escapeCell).join(' | ')} |`)
  return lines.join('\n')
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ')
}
