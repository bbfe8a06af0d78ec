import { z } from 'zod'
import { gatedMetrics, type ScenarioMetrics, shownMetrics } from '../metrics/index.ts'
import { acceptedSchema } from '../model/accepted-schema.ts'
import type { BaselineFile } from '../model/baseline.ts'
import { scenarioSchema } from '../model/scenario-schema.ts'
import { shardSchema } from '../model/shard-schema.ts'
import { windowKey } from './window-key.ts'

/** The version that this code reads and writes: `llm-perf-baseline/<version>`. */
export const baselineSchemaVersion = 1

/** A key that JSON.parse keeps but that an object copied key by key would lose, so that its numbers vanish unseen. */
const prototypeKey = '__proto__'

const text = z.string().min(1)
const positive = z.number().positive()
const count = z.number().int().positive()
const commit = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, { error: 'a full commit SHA is expected' })
const time = z.iso.datetime({ offset: true })
const name = text.refine((value) => value !== prototypeKey, { error: `"${prototypeKey}" is not allowed as a name` })

/**
 * Gated metrics must be there and positive: the judge takes their logarithm. A shown metric that the writing version
 * did not know yet reads as null, so that a new metric does not invalidate every baseline.
 */
const values = z.object({
  ...Object.fromEntries(gatedMetrics.map((metric) => [metric, positive])),
  ...Object.fromEntries(shownMetrics.map((metric) => [metric, z.number().nonnegative().nullable().default(null)])),
}) as unknown as z.ZodType<ScenarioMetrics['values']>

const scenarioMetrics = z.strictObject({
  values,
  percentile: positive.lt(100),
  requests: count,
  successRate: positive.max(1),
})

const runnerClass = z.strictObject({
  id: name,
  os: text,
  arch: text,
  cpu: z.string(),
  cores: count,
  memoryGiB: positive,
  gpu: z.strictObject({ name: text, count, memoryMiB: positive, driver: text }).nullable(),
})

const trial = z.strictObject({
  id: text,
  startedAt: time,
  startupMs: z.number().nonnegative(),
  scenarios: z.record(name, scenarioMetrics).refine((byName) => Object.keys(byName).length > 0, {
    error: 'a trial needs the metrics of at least one scenario',
  }),
})

const shift = z.strictObject({ scenario: name.nullable(), metric: z.enum(gatedMetrics), by: z.number() })

const best = z.strictObject({
  scenario: name.nullable(),
  metric: z.enum(gatedMetrics),
  value: positive,
  spread: z.number().nonnegative(),
  degrees: z.number().nonnegative(),
  commit,
  at: time,
  slower: z.strictObject({ commit, at: time, by: z.number().nonnegative() }).nullable(),
})

const job = z.strictObject({
  commit,
  at: time,
  kind: z.enum(['calibration', 'push']),
  runUrl: text.nullable(),
  // Absent in files of older versions, as are shifts and the window's best levels.
  accepted: z.array(acceptedSchema).default([]),
  shifts: z.array(shift).default([]),
  trials: z.array(trial).min(1),
})

const window = z
  .strictObject({
    runnerClass,
    shard: shardSchema.optional(),
    scenarios: z.array(scenarioSchema).min(1),
    jobs: z.array(job).min(1),
    best: z.array(best).default([]),
  })
  .superRefine((value, context) => {
    const late = value.jobs.findIndex(
      (job, index) => Date.parse(job.at) < Date.parse(value.jobs[index - 1]?.at ?? job.at),
    )
    if (late !== -1) {
      const message = 'jobs must stand in the order of their time: the last ones tell the level'
      context.addIssue({ code: 'custom', path: ['jobs', late, 'at'], message, input: value.jobs[late]?.at })
    }
    const known = new Set<string>()
    for (const [index, { name }] of value.scenarios.entries()) {
      if (known.has(name)) {
        const message = 'duplicate scenario; each name may stand once'
        context.addIssue({ code: 'custom', path: ['scenarios', index, 'name'], message, input: name })
      }
      known.add(name)
    }
    for (const { path, name } of measuredNames(value.jobs)) {
      if (known.has(name)) continue
      const message = 'metrics of a scenario that the window does not define'
      context.addIssue({ code: 'custom', path, message, input: name })
    }
  })

/** Shape of the baseline file. Strict: an unknown key is a sign of a hand edit or of another version. */
export const baselineSchema = z.strictObject({
  schema: z.literal(`llm-perf-baseline/${baselineSchemaVersion}`),
  toolVersion: text,
  quantileMethod: z.literal('harrell-davis'),
  updatedAt: time,
  windows: z.record(name, window).superRefine((windows, context) => {
    const keys = Object.keys(windows)
    if (keys.length === 0)
      context.addIssue({ code: 'custom', message: 'at least one window is expected', input: windows })
    for (const key of keys) {
      const owner = windows[key]
      const found = owner && windowKey(owner)
      if (owner === undefined || found === key) continue
      const where = key.startsWith(owner.runnerClass.id) ? ['shard'] : ['runnerClass', 'id']
      const message = `the window stands under another runner class or shard than "${key}"`
      context.addIssue({ code: 'custom', path: [key, ...where], message, input: found })
    }
  }),
}) satisfies z.ZodType<BaselineFile>

function* measuredNames(jobs: readonly { trials: readonly { scenarios: object }[] }[]) {
  for (const [j, { trials }] of jobs.entries()) {
    for (const [t, { scenarios }] of trials.entries()) {
      for (const name of Object.keys(scenarios)) yield { path: ['jobs', j, 'trials', t, 'scenarios', name], name }
    }
  }
}
