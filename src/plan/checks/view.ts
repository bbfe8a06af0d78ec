import { z } from 'zod'
import { leaf } from '../schema.ts'

/** A key's value when it is right by itself, else undefined. */
function ifValid<T extends z.ZodType>(schema: T) {
  return schema.optional().catch(undefined)
}

const scenario = z
  .looseObject({
    name: ifValid(leaf.scenarioName),
    preset: ifValid(leaf.preset),
    profile: ifValid(leaf.profile),
    prompts: ifValid(leaf.prompts),
    'prompt-tokens': ifValid(leaf.promptTokens),
    'output-tokens': ifValid(leaf.outputTokens),
    'output-length': ifValid(leaf.outputLength),
    concurrency: ifValid(leaf.concurrency),
    rate: ifValid(leaf.rate),
    arrivals: ifValid(leaf.arrivals),
    burstiness: ifValid(leaf.burstiness),
    'think-time-ms': ifValid(leaf.thinkTimeMs),
    'ramp-seconds': ifValid(leaf.rampSeconds),
    'min-seconds': ifValid(leaf.minSeconds),
    slo: ifValid(leaf.slo),
    requests: ifValid(leaf.requests),
    streaming: leaf.streaming.default(true).catch(true),
  })
  .catch({ streaming: true })

const server = z
  .looseObject({
    command: ifValid(leaf.command),
    port: ifValid(leaf.port),
    env: ifValid(z.record(z.string(), z.unknown())),
  })
  .catch({})

const api = z
  .looseObject({
    type: ifValid(leaf.apiType),
    model: ifValid(leaf.model),
    'extra-body': ifValid(z.record(z.string(), z.unknown())),
    generate: ifValid(
      z.looseObject({
        request: ifValid(leaf.requestTemplate),
        'stream-format': ifValid(leaf.streamFormat),
        'output-tokens': ifValid(leaf.outputTokensPath),
      }),
    ),
  })
  .catch({})

const schema = z.looseObject({
  server,
  api: api.default({}),
  scenarios: z.array(scenario).optional().catch([]),
  matrix: z.unknown().optional(),
})

/**
 * What the checks across keys see: each key that is right by itself, also while its neighbours are wrong. So all
 * problems come out at once, and none twice.
 */
export type ConfigView = z.infer<typeof schema>
export type ScenarioView = z.infer<typeof scenario>

export function viewOf(value: unknown): ConfigView {
  return schema.parse(value)
}
