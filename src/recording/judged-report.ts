import { join } from 'node:path'
import { z } from 'zod'
import type { Conclusion } from '../model/verdict.ts'
import { readOrNull } from '../read-or-null.ts'
import { checked, parseJson } from './refusal.ts'

/** Beside the folders of the sides: what the run came to. Written last, so that only a run that reached its end has it. */
export const reportFileName = 'report.json'
export const reportSchemaName = 'llm-perf-report/1'

/** Only what is asked for here; the rest of the report is for people and tools. */
const reportSchema: z.ZodType<{ readonly conclusion: Conclusion }> = z.object({
  schema: z.literal(reportSchemaName),
  conclusion: z.enum(['pass', 'regressed', 'invalid', 'inconclusive']),
})

/**
 * What the job that wrote the folder came to; null when it ended before it had a verdict.
 *
 * @throws ActionError `usage` for a damaged or foreign report
 */
export function readConclusion(folder: string): Conclusion | null {
  const path = join(folder, reportFileName)
  const text = readOrNull(path)
  if (text === null) return null
  const where = () => path
  return checked(reportSchema, parseJson(text, where), where).conclusion
}
