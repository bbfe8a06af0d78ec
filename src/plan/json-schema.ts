import { z } from 'zod'
import { configSchema } from './schema.ts'

export interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
}

/** JSON Schema of llm-perf.yml, for editors. Draft 7 is what YAML language servers understand best. */
export function configJsonSchema(): JsonSchema & Record<string, unknown> {
  const schema = z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' })
  return {
    title: 'llm-perf.yml',
    description: 'What llm-perf measures, and what its gate demands.',
    ...schema,
  } as never
}

/** The keys that the file may have at `path`; empty where keys are free. */
export function allowedKeys(path: readonly PropertyKey[]): readonly string[] {
  let schemas: readonly JsonSchema[] = [configJsonSchema()]
  for (const step of path) {
    schemas = schemas.flatMap(alternatives).flatMap((schema) => {
      const next = typeof step === 'number' ? schema.items : schema.properties?.[String(step)]
      return next ? [next] : []
    })
  }
  return schemas.flatMap(alternatives).flatMap((schema) => Object.keys(schema.properties ?? {}))
}

function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  return schema.anyOf ?? [schema]
}
