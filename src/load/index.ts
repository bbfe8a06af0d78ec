export { mostConnections } from './loop/open-loop.ts'
export { requestOneToken } from './request-one-token.ts'
export { runScenario, type ScenarioOptions, type ScenarioRun } from './run-scenario.ts'
export { connect, type Endpoint, type Target } from './target.ts'
