import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { ClientBench } from '../bench/client/result.ts'
import { comparedTable, goalTable } from '../bench/client/table.ts'
import type { FailureMatrix } from '../bench/failures/result.ts'
import { failureTable } from '../bench/failures/table.ts'
import { renderTable, replaceSection } from './action-tables.ts'
import { parseResult } from './bench-output.ts'

/**
 * Writes the tables of docs/load-generator.md from what the benches printed with --json. A table whose file is not given
 * stays as it is.
 *
 *     node scripts/load-generator-tables.ts [--client client.json] [--failures failures.json]
 */
export function writeTables(
  page: string,
  results: { readonly client?: ClientBench; readonly failures?: FailureMatrix },
): string {
  const { client, failures } = results
  const withClient = client ? replaceSection(page, 'client', clientTables(client)) : page
  return failures ? replaceSection(withClient, 'failures', table(failureTable(failures))) : withClient
}

function clientTables(client: ClientBench): string {
  const goals = table(goalTable(client))
  return client.compared.length === 0 ? goals : `${goals}\n\n${table(comparedTable(client))}`
}

function table([head = [], ...rows]: readonly (readonly string[])[]): string {
  return renderTable(head, rows)
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { client: { type: 'string' }, failures: { type: 'string' } } })
  if (!values.client && !values.failures) throw new Error('Give --client FILE, --failures FILE, or both.')
  const page = new URL('../docs/load-generator.md', import.meta.url)
  const read = <T extends { readonly schema: string }>(file: string, schema: T['schema']): T =>
    parseResult<T>(readFileSync(file, 'utf8'), schema)
  const results = {
    ...(values.client ? { client: read<ClientBench>(values.client, 'llm-perf-bench-client/1') } : {}),
    ...(values.failures ? { failures: read<FailureMatrix>(values.failures, 'llm-perf-bench-failures/1') } : {}),
  }
  writeFileSync(page, writeTables(readFileSync(page, 'utf8'), results))
}
