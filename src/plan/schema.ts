import { z } from 'zod'
import { defaultPolicy } from '../model/policy.ts'
import { isInsideCheckout } from './inside-checkout.ts'
import {
  fraction,
  mapping,
  oneOf,
  positiveNumber,
  scalarText,
  section,
  text,
  trueOrFalse,
  wholeNumber,
} from './leaves.ts'

/** The only version of llm-perf.yml that this tool reads. */
export const configVersion = 1

/** Fewer requests than this support no percentile at all: the sample says nothing of a tail. */
export const minRequests = 5
const maxRequests = 100_000
const maxSeconds = 86_400
/** A self-hosted job ends after five days. */
const maxBudgetMinutes = 7_200

const httpPath = text('a path that starts with /, such as /health').regex(/^\/\S*$/, {
  error: 'a path that starts with /, such as /health, without blanks',
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
  promptTokens: wholeNumber(1, 1_000_000),
  outputTokens: wholeNumber(1, 100_000),
  concurrency: wholeNumber(1, 10_000),
  requests: wholeNumber(minRequests, maxRequests),
  streaming: trueOrFalse,
  apiType: oneOf(['openai-completions', 'openai-chat', 'generate']),
  model: text('the name of a model; leave the key out for the first of GET /v1/models'),
  requestTemplate: text('a mustache template of a JSON body'),
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

const dotPath = text('a dot path into the answer, such as usage.prompt_tokens').regex(/^[^\s.]+(\.[^\s.]+)*$/, {
  error: 'a dot path into the answer, such as usage.prompt_tokens',
})

const generate = section({
  path: httpPath.default('/generate').describe('POST path that answers at once.'),
  'stream-path': httpPath.default('/generate_stream').describe('POST path that answers with server-sent events.'),
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
})

const api = section({
  type: leaf.apiType.default('openai-completions').describe('How the server is spoken to.'),
  model: leaf.model.optional().describe('Name of the model in requests; default: the first of GET /v1/models.'),
  'extra-body': mapping(z.string(), z.unknown(), 'a name')
    .default({})
    .describe('Merged into each request body (openai types).'),
  generate: generate.prefault({}).describe('A home-made endpoint (type generate only).'),
})

const scenario = section({
  name: leaf.scenarioName.optional().describe('Unique; default: the sizes, such as p128-o64-c4.'),
  'prompt-tokens': leaf.promptTokens.describe('Length of each prompt.'),
  'output-tokens': leaf.outputTokens.describe('Length of each answer.'),
  concurrency: leaf.concurrency.describe('Requests in flight.'),
  requests: leaf.requests
    .optional()
    .describe('Measured requests in one trial; default: 10 x concurrency, at least 60. P99 needs 299.'),
  streaming: leaf.streaming.default(true).describe('Whether answers are streamed; without, no TTFT is known.'),
})

function oneOrMore<T extends z.ZodType>(value: T, allowed: string) {
  const list = z.array(value, { error: `a list of ${allowed}` }).min(1, { error: `a list of at least one ${allowed}` })
  return z.union([value, list], { error: `a ${allowed}, or a list of them` })
}

const matrix = section({
  'prompt-tokens': oneOrMore(leaf.promptTokens, 'whole number from 1 to 1000000'),
  'output-tokens': oneOrMore(leaf.outputTokens, 'whole number from 1 to 100000'),
  concurrency: oneOrMore(leaf.concurrency, 'whole number from 1 to 10000'),
  streaming: oneOrMore(leaf.streaming, 'true or false').default(true),
  requests: leaf.requests.optional().describe('Of every scenario; default: 10 x its concurrency, at least 60.'),
  exclude: z
    .array(
      section({
        'prompt-tokens': leaf.promptTokens.optional(),
        'output-tokens': leaf.outputTokens.optional(),
        concurrency: leaf.concurrency.optional(),
        streaming: leaf.streaming.optional(),
      }).refine((value) => Object.keys(value).length > 0, { error: 'a mapping with at least one key' }),
      { error: 'a list of mappings' },
    )
    .default([])
    .describe('Combinations left out; a key that is not given matches everything.'),
})

const margins = section({
  latency: fraction(0.1, 100).default(defaultPolicy.margins.latencyTail).describe('Tail latency of one scenario.'),
  'tokens-per-second': fraction(0.1, 100)
    .default(defaultPolicy.margins.tokensPerSecond)
    .describe('Tokens per second of one scenario.'),
  'all-latency': fraction(0.1, 100)
    .default(defaultPolicy.margins.latencyTailAll)
    .describe('Tail latency of all scenarios together.'),
  'all-tokens-per-second': fraction(0.1, 100)
    .default(defaultPolicy.margins.tokensPerSecondAll)
    .describe('Tokens per second of all scenarios together.'),
})

/** Section `gate`. */
export const gateSchema = section({
  margins: margins.prefault({}).describe('How much slower is accepted; twice as much is found 95 times in 100.'),
  'failure-limit': fraction(0, 50)
    .default(defaultPolicy.failureLimit)
    .describe('Failed requests allowed in a scenario.'),
  'max-pairs': z
    .literal([8, 11, 14], { error: '8, 11 or 14' })
    .default(defaultPolicy.maxPairs as 14)
    .describe('Largest number of base and head trials that are compared side by side.'),
  trials: wholeNumber(1, 50)
    .default(defaultPolicy.trials)
    .describe('Head trials before any comparison, and trials of a push to the default branch.'),
  'calibration-trials': wholeNumber(2, 100)
    .default(defaultPolicy.calibrationTrials)
    .describe('Trials of the first baseline and of mode calibrate.'),
  'budget-minutes': positiveNumber(maxBudgetMinutes, 'minutes')
    .default(defaultPolicy.budgetMinutes)
    .describe('Time after which no further trial is started.'),
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
  })
    .prefault({})
    .describe('How the load is made.'),
  gate: gateSchema.prefault({}).describe('What the gate demands. On a pull request, that of the base branch counts.'),
})

export type ConfigFile = z.infer<typeof configSchema>
export type GateFile = z.infer<typeof gateSchema>
export type MatrixFile = z.infer<typeof matrix>
export type ScenarioFile = z.infer<typeof scenario>
