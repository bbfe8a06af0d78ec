import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { AaResult } from '../bench/aa/tally.ts'
import type { DetectableResult } from '../bench/gate/detectable.ts'
import type { RivalResult } from '../bench/gate/rivals.ts'
import type { CaseResult } from '../bench/gate/tally.ts'
import { replaceSection } from './action-tables.ts'
import { readResultLines } from './bench-output.ts'
import { detectableTable } from './error-rates/detectable.ts'
import { environmentsTable } from './error-rates/environments.ts'
import { ratesTable } from './error-rates/rates.ts'
import { realJobsTable } from './error-rates/real-jobs.ts'
import { rivalsTable } from './error-rates/rivals.ts'
import { shardsTable } from './error-rates/shards.ts'
import { stressTable } from './error-rates/stress.ts'

/** What the benches printed; a table whose results are not given stays as it is. */
export interface ErrorRates {
  readonly rates?: readonly CaseResult[] | undefined
  readonly stress?: readonly CaseResult[] | undefined
  readonly shards?: readonly CaseResult[] | undefined
  readonly rivals?: readonly RivalResult[] | undefined
  readonly aa?: readonly AaResult[] | undefined
  readonly detectable?: readonly DetectableResult[] | undefined
}

/**
 * Writes the tables of docs/error-rates.md from what `bench:gate --json` and `bench:aa --json` printed.
 *
 *     node scripts/error-rates-tables.ts --rates rates.jsonl --stress stress.jsonl --shards shards.jsonl --rivals rivals.jsonl \
 *         --aa aa.jsonl --detectable detectable.jsonl
 */
export function writeErrorRatesTables(
  page: string,
  { rates, stress, shards, rivals, aa, detectable }: ErrorRates,
): string {
  const tables = {
    environments: environmentsTable(),
    rates: rates && ratesTable(rates),
    stress: stress && stressTable(stress),
    shards: shards && shardsTable(shards),
    rivals: rivals && rivalsTable(rivals),
    'real-jobs': aa && realJobsTable(aa),
    detectable: detectable && detectableTable(detectable),
  }
  return Object.entries(tables).reduce(
    (text, [name, table]) => (table === undefined ? text : replaceSection(text, name, table)),
    page,
  )
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      rates: { type: 'string' },
      stress: { type: 'string' },
      shards: { type: 'string' },
      rivals: { type: 'string' },
      aa: { type: 'string' },
      detectable: { type: 'string' },
    },
  })
  const page = new URL('../docs/error-rates.md', import.meta.url)
  const read = <T>(file: string | undefined) => (file === undefined ? undefined : readResultLines<T>(file))
  const given: ErrorRates = {
    rates: read(values.rates),
    stress: read(values.stress),
    shards: read(values.shards),
    rivals: read(values.rivals),
    aa: read(values.aa),
    detectable: read(values.detectable),
  }
  writeFileSync(page, writeErrorRatesTables(readFileSync(page, 'utf8'), given))
}
