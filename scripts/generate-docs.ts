import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { configJsonSchema } from '../src/plan/json-schema.ts'
import { parseAction, renderInputsTable, renderOutputsTable, replaceSection } from './action-tables.ts'

/**
 * Writes what is derived from other files: llm-perf.schema.json, and the tables of the README.
 *
 * node scripts/generate-docs.ts [--check]   (--check writes nothing and exits 1 when something is out of date)
 */
interface Derived {
  readonly file: string
  readonly text: string
}

export function derivedFiles(root: URL): readonly Derived[] {
  const schema = { file: 'llm-perf.schema.json', text: `${JSON.stringify(configJsonSchema(), null, 2)}\n` }
  const readme = new URL('README.md', root)
  if (!existsSync(readme)) return [schema]
  const action = parseAction(readFileSync(new URL('action.yml', root), 'utf8'))
  const withInputs = replaceSection(readFileSync(readme, 'utf8'), 'inputs', renderInputsTable(action))
  const text = withInputs.includes('<!-- outputs:start -->')
    ? replaceSection(withInputs, 'outputs', renderOutputsTable(action))
    : withInputs
  return [schema, { file: 'README.md', text }]
}

/** The derived files whose text on disk is not what it should be. */
export function outdatedFiles(root: URL): readonly Derived[] {
  return derivedFiles(root).filter(({ file, text }) => {
    const path = new URL(file, root)
    return !existsSync(path) || readFileSync(path, 'utf8') !== text
  })
}

if (import.meta.main) {
  const root = new URL('../', import.meta.url)
  const outdated = outdatedFiles(root)
  const isCheck = process.argv.includes('--check')
  for (const { file, text } of outdated) {
    if (isCheck) console.error(`${file} is out of date. Run: node scripts/generate-docs.ts`)
    else writeFileSync(new URL(file, root), text)
  }
  if (isCheck && outdated.length > 0) process.exitCode = 1
}
