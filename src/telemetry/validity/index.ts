import type { Finding } from '../../model/trial.ts'
import { cachedPrompt } from './cached-prompt.ts'
import { clientError } from './client-error.ts'
import { clientLag } from './client-lag.ts'
import { clientRate } from './client-rate.ts'
import { failures } from './failures.ts'
import { gpuShared } from './gpu-shared.ts'
import { gpuThrottled } from './gpu-throttled.ts'
import { gpuUnwatched } from './gpu-unwatched.ts'
import { notSteady } from './not-steady.ts'
import { outputLength } from './output-length.ts'
import { promptLength } from './prompt-length.ts'
import { requestCount } from './request-count.ts'
import type { ValidityInput, ValidityRule } from './rule.ts'
import { samples } from './samples.ts'
import { serverDisagrees } from './server-disagrees.ts'
import { times } from './times.ts'
import { warmup } from './warmup.ts'

export type { ValidityInput, ValidityRule } from './rule.ts'

/** Every rule, the likeliest root cause first: reports show the first finding. A new rule is a file and a line here. */
const rules: readonly ValidityRule[] = [
  warmup,
  failures,
  requestCount,
  samples,
  times,
  outputLength,
  promptLength,
  cachedPrompt,
  serverDisagrees,
  clientLag,
  clientRate,
  clientError,
  gpuThrottled,
  gpuShared,
  gpuUnwatched,
  notSteady,
]

/** All reasons not to believe this measurement; empty: none. */
export function findInvalid(input: ValidityInput): readonly Finding[] {
  return rules.flatMap((rule) => rule(input) ?? [])
}
