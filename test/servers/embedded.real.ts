// The engine of this repository: what holds for every server, on the server that every machine can run.
import { describe } from 'vitest'
import { apiConfig } from '../load/load-setup.ts'
import {
  exactly,
  promiseClearRefusal,
  promiseExactLengths,
  promiseFailuresOnSigterm,
  promiseIdleConnections,
  within2Percent,
} from './promises.ts'
import { recipeOf, useShared } from './real-server.ts'
import { promiseFindingOnKill, promiseWholeRun } from './whole-trials.ts'

const completions = apiConfig('openai-completions')
const chat = apiConfig('openai-chat')
const start = recipeOf('embedded')

describe('one embedded engine', () => {
  const shared = useShared(start, completions)
  promiseExactLengths(shared, [
    { api: completions, promptSource: 'token-ids', slack: exactly },
    { api: chat, promptSource: 'words', slack: within2Percent },
  ])
  promiseClearRefusal(shared, completions, 'each request', /HTTP 400.*5000/)
  promiseIdleConnections(shared, completions)
  promiseFailuresOnSigterm(shared, { api: completions, outputTokens: 900, cut: [['reset', /closed|reset/]] })
})

promiseFindingOnKill(start, completions)
promiseWholeRun(start, { type: 'openai-completions' })
