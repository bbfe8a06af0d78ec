import { z } from 'zod'
import { apiTypes } from '../model/config.ts'
import { gateSchema } from './gate-schema.ts'
import { isInsideCheckout } from './inside-checkout.ts'
import {
  mapping,
  nameFrom,
  oneOf,
  positiveNumber,
  scalarText,
  section,
  text,
  trueOrFalse,
  wholeNumber,
} from './leaves.ts'
import { presetNames, profileNames } from './presets.ts'

/** The only version of llm-perf.yml that this tool reads. */
export const configVersion = 1

/** Fewer requests than this support no percentile at all: the sample says nothing of a tail. */
export const minRequests = 5
/** In one trial of one scenario; also where they follow from a rate and a time. */
export const maxRequests = 100_000
const maxRate = 10_000
/** More regular than this is constant. */
const maxBurstiness = 1_000
const maxSeconds = 86_400

const httpPath = text('a path that starts with /, such as /health').regex(/^\/\S*$/, {
  error: 'a path that starts with /, such as /health, without blanks',
})

const dotPath = text('a dot path into the answer, such as usage.prompt_tokens').regex(/^[^\s.]+(\.[^\s.]+)*$/, {
  error: 'a dot path into the answer, such as usage.prompt_tokens',
})

/** Leaves that checks across keys look at one by one, even while other keys are still wrong. */
export const leaf = {
  command: z.union(
    [
      text('a command line'),
      z
        .array(scalarText('a text'), { error: 'a list' })
        .min(1, { error: 'a list with at least the program' })
        .refine((parts) => parts[0]?.trim() !== '', { error: 'a list that starts with the program' }),
    ],
    { error: 'a command line, or a list of a program and its arguments' },
  ),
  port: z.union([wholeNumber(1, 65_535, ', or auto'), z.literal('auto')], {
    error: 'a whole number from 1 to 65535, or auto',
  }),
  env: mapping(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/),
    scalarText('a text, a number, true or false'),
    'a name of letters, digits and _, not starting with a digit',
  ),
  scenarioName: text('a name of letters, digits, ".", "_" and "-", at most 80 long').regex(/^[A-Za-z0-9._-]{1,80}$/, {
    error: 'a name of letters, digits, ".", "_" and "-", at most 80 long',
  }),
  preset: nameFrom(presetNames),
  profile: nameFrom(profileNames),
  prompts: text('a path inside the checkout').refine(isInsideCheckout, {
    error: 'a relative path that stays inside the checkout',
  }),
  promptTokens: wholeNumber(1, 1_000_000),
  outputTokens: wholeNumber(1, 100_000),
  outputLength: oneOf(['exact', 'at-most']),
  concurrency: wholeNumber(1, 10_000),
  rate: positiveNumber(maxRate, 'requests per second'),
  arrivals: oneOf(['constant', 'poisson', 'gamma']),
  burstiness: positiveNumber(maxBurstiness, 'burstiness'),
  thinkTimeMs: positiveNumber(maxSeconds * 1000, 'milliseconds'),
  rampSeconds: positiveNumber(maxSeconds, 'seconds'),
  minSeconds: positiveNumber(maxSeconds, 'seconds'),
  slo: section({
    'ttft-ms': positiveNumber(maxSeconds * 1000, 'milliseconds')
      .optional()
      .describe('Time to the first token.'),
    'tpot-ms': positiveNumber(maxSeconds * 1000, 'milliseconds')
      .optional()
      .describe('Time per token after it.'),
    'latency-ms': positiveNumber(maxSeconds * 1000, 'milliseconds')
      .optional()
      .describe('Time to the last token.'),
  }),
  requests: wholeNumber(minRequests, maxRequests),
  streaming: trueOrFalse,
  apiType: oneOf(apiTypes),
  model: text('the name of a model; leave the key out for the first that the server lists'),
  requestTemplate: text('a mustache template of a JSON body'),
  streamFormat: oneOf(['sse', 'ndjson', 'text']),
  outputTokensPath: dotPath,
} as const

const ready = section({
  path: z
    .union([httpPath, z.literal('none')], { error: 'a path that starts with /, such as /health, or none' })
    .default('/health')
    .describe('GET path that answers 200 once the server is up; none: only a real one-token request decides.'),
  'timeout-seconds': positiveNumber(maxSeconds, 'seconds')
    .default(600)
    .describe('Time from the start of the server until it must have answered.'),
})

const server = section({
  command: leaf.command.describe(
    'Starts the server. A text runs in the shell; a list is started as it is. {{port}} is the chosen port.',
  ),
  setup: text('a command line').optional().describe('Runs once in each checkout before the first start.'),
  'working-directory': text('a folder inside the checkout')
    .refine(isInsideCheckout, { error: 'a relative path that stays inside the checkout' })
    .default('.')
    .describe('Where setup and command run, relative to the root of the checkout.'),
  port: leaf.port
    .default('auto')
    .describe('Port of the server; auto chooses a free one at each start and needs {{port}} in the command or env.'),
  ready: ready.prefault({}).describe('When the server counts as ready.'),
  env: leaf.env.default({}).describe('Environment of setup and command. {{port}} is replaced in the values.'),
  'stop-grace-seconds': positiveNumber(600, 'seconds').default(5).describe('Time between SIGTERM and SIGKILL.'),
})

const generate = section({
  path: httpPath.default('/generate').describe('POST path that answers at once.'),
  'stream-path': httpPath.default('/generate_stream').describe('POST path that streams its answer.'),
  'stream-format': leaf.streamFormat
    .default('sse')
    .describe(
      'How the stream is cut: sse (server-sent events), ndjson (a JSON object a line), text (nothing but text).',
    ),
  request: leaf.requestTemplate
    .default('{"prompt": {{{prompt}}}, "max_new_tokens": {{outputTokens}}}')
    .describe('Mustache template of the JSON body: {{{prompt}}} is the prompt as JSON, {{outputTokens}}, {{model}}.'),
  text: dotPath.default('text').describe('Where the text is, in the answer and in each event.'),
  'prompt-tokens': dotPath
    .default('usage.prompt_tokens')
    .describe('Where the number of prompt tokens is; none: the server does not say.'),
  'output-tokens': dotPath
    .default('usage.completion_tokens')
    .describe('Where the number of output tokens is; requested: trust that it made as many as asked for.'),
  'finish-reason': dotPath
    .default('finish_reason')
    .describe('Where it says why the answer ended; a sign that a stream is complete, as done is.'),
  done: dotPath.default('done').describe('What is true in the last event of a stream.'),
  error: dotPath
    .default('error')
    .describe('Where an error inside an answer is: anything but null, false and an empty text is one.'),
})

const api = section({
  type: leaf.apiType.default('openai-completions').describe('How the server is spoken to.'),
  model: leaf.model.optional().describe('Name of the model in requests; default: the first that the server lists.'),
  'extra-body': mapping(z.string(), z.unknown(), 'a name')
    .default({})
    .describe('Merged into each request body (all types but generate); null takes a key away.'),
  generate: generate.prefault({}).describe('A home-made endpoint (type generate only).'),
})

/** How the load is made beyond its size: one value for a scenario, or for a whole matrix. */
const loadShape = {
  'output-length': leaf.outputLength
    .optional()
    .describe(
      'exact (default): a shorter answer is a failure. at-most: the model may end its answer where it wants to.',
    ),
  arrivals: leaf.arrivals
    .optional()
    .describe('How requests of a rate are spread: poisson (default), constant, or gamma with a burstiness.'),
  burstiness: leaf.burstiness
    .optional()
    .describe('Only with arrivals gamma: 1 is Poisson, less is burstier, more is more regular.'),
  'think-time-ms': leaf.thinkTimeMs
    .optional()
    .describe('Pause between the end of an answer and the next request of the same stream; not with a rate.'),
  'ramp-seconds': leaf.rampSeconds
    .optional()
    .describe('The load rises evenly over this time before anything is measured; default: it starts at once.'),
  'min-seconds': leaf.minSeconds
    .optional()
    .describe('Measuring goes on until this time has passed and the requests are sent; default: only requests count.'),
  slo: leaf.slo.optional().describe('What a request must keep to count as good: goodput, shown in the report.'),
} as const

/** For editors, which know the schema alone: at least one of the keys is there. What else belongs together is in checks/. */
const someOf = (...keys: readonly string[]) => ({ anyOf: keys.map((key) => ({ required: [key] })) })

const scenario = section({
  name: leaf.scenarioName.optional().describe('Unique; default: the sizes, such as p128-o64-c4.'),
  preset: leaf.preset.optional().describe('A whole scenario by name; keys given beside it go before its own.'),
  profile: leaf.profile.optional().describe('Both lengths by name, in place of prompt-tokens and output-tokens.'),
  prompts: leaf.prompts
    .optional()
    .describe('File with prompts of your own (JSON Lines or a JSON array), in place of prompt-tokens.'),
  'prompt-tokens': leaf.promptTokens.optional().describe('Length of each prompt.'),
  'output-tokens': leaf.outputTokens.optional().describe('Length of each answer.'),
  concurrency: leaf.concurrency
    .optional()
    .describe('Requests kept in flight. With a rate: the most requests in flight; the others wait, and that counts.'),
  rate: leaf.rate
    .optional()
    .describe('Requests per second (open loop): they are sent when they are due, however slow the server is.'),
  ...loadShape,
  requests: leaf.requests
    .optional()
    .describe(
      'Measured requests in one trial; default: 10 x concurrency, or rate x min-seconds, at least 60. P99 needs 299.',
    ),
  streaming: leaf.streaming.default(true).describe('Whether answers are streamed; without, no TTFT is known.'),
}).meta({
  allOf: [
    someOf('prompt-tokens', 'prompts', 'profile', 'preset'),
    someOf('output-tokens', 'profile', 'preset'),
    someOf('concurrency', 'rate', 'preset'),
  ],
})

function oneOrMore<T extends z.ZodType>(value: T, allowed: string) {
  const list = z.array(value, { error: `a list of ${allowed}` }).min(1, { error: `a list of at least one ${allowed}` })
  return z.union([value, list], { error: `a ${allowed}, or a list of them` })
}

const matrix = section({
  profiles: z
    .array(leaf.profile, { error: `a list of ${profileNames.join(', ')}` })
    .min(1, { error: 'a list of at least one profile' })
    .optional()
    .describe('Both lengths by name, in place of prompt-tokens and output-tokens.'),
  prompts: oneOrMore(leaf.prompts, 'path inside the checkout')
    .optional()
    .describe('Files with prompts of your own, in place of prompt-tokens.'),
  'prompt-tokens': oneOrMore(leaf.promptTokens, 'whole number from 1 to 1000000').optional(),
  'output-tokens': oneOrMore(leaf.outputTokens, 'whole number from 1 to 100000').optional(),
  concurrency: oneOrMore(leaf.concurrency, 'whole number from 1 to 10000').optional(),
  rate: oneOrMore(leaf.rate, 'number of requests per second above 0').optional(),
  streaming: oneOrMore(leaf.streaming, 'true or false').default(true),
  ...loadShape,
  requests: leaf.requests
    .optional()
    .describe('Of every scenario; default: 10 x its concurrency, or rate x min-seconds, at least 60.'),
  exclude: z
    .array(
      section({
        profile: leaf.profile.optional(),
        prompts: leaf.prompts.optional(),
        'prompt-tokens': leaf.promptTokens.optional(),
        'output-tokens': leaf.outputTokens.optional(),
        concurrency: leaf.concurrency.optional(),
        rate: leaf.rate.optional(),
        streaming: leaf.streaming.optional(),
      }).refine((value) => Object.keys(value).length > 0, { error: 'a mapping with at least one key' }),
      { error: 'a list of mappings' },
    )
    .default([])
    .describe('Combinations left out; a key that is not given matches everything.'),
}).meta({
  allOf: [
    someOf('prompt-tokens', 'prompts', 'profiles'),
    someOf('output-tokens', 'profiles'),
    someOf('concurrency', 'rate'),
  ],
})

/** Shape of llm-perf.yml. What one key alone cannot tell is in checks/. */
export const configSchema = section({
  version: z.literal(configVersion, { error: String(configVersion) }).describe('Version of this file.'),
  server: server.describe('How the model server is set up, started, found ready and stopped.'),
  api: api.prefault({}).describe('How the model server is spoken to.'),
  scenarios: z.array(scenario, { error: 'a list of scenarios' }).optional().describe('What is measured, one by one.'),
  matrix: matrix.optional().describe('What is measured, as every combination of these sizes.'),
  load: section({
    'request-timeout-seconds': positiveNumber(maxSeconds, 'seconds').default(120).describe('Deadline of one request.'),
    seed: wholeNumber(0, 2_147_483_647).default(1).describe('Seed of the prompts, which are the same on both sides.'),
    'compare-outputs': trueOrFalse
      .default(true)
      .describe('Asks each server a few fixed questions first, to tell when the two sides answer differently.'),
  })
    .prefault({})
    .describe('How the load is made.'),
  gate: gateSchema.prefault({}).describe('What the gate demands. On a pull request, that of the base branch counts.'),
})

export type ConfigFile = z.infer<typeof configSchema>
export type MatrixFile = z.infer<typeof matrix>
export type ScenarioFile = z.infer<typeof scenario>
