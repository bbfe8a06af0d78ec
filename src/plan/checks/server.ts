import type { Problem, Source } from '../problems.ts'
import type { ConfigView } from './view.ts'

const portPlaceholder = /\{\{\s*port\s*\}\}/

/** By this variable the clean-up finds the processes of a run. */
const ownVariable = 'LLM_PERF_RUN_ID'

/** A free port is of no use to a server that is not told of it: it would listen elsewhere and never be ready. */
export function portProblems({ server }: ConfigView, source: Source): readonly Problem[] {
  const { command, port = 'auto', env = {} } = server
  if (command === undefined || port !== 'auto' || isPortWrong(source)) return []
  const texts = [...(typeof command === 'string' ? [command] : command), ...Object.values(env).map(String)]
  if (texts.some((text) => portPlaceholder.test(text))) return []
  return [
    source.problemAt(
      ['server', 'command'],
      '{{port}} in server.command or server.env, or server.port with the port that the command uses',
      'server.port is auto, but the command does not say {{port}}',
    ),
  ]
}

export function envProblems({ server }: ConfigView, source: Source): readonly Problem[] {
  if (!Object.hasOwn(server.env ?? {}, ownVariable)) return []
  return [source.problemAt(['server', 'env', ownVariable], 'any other name', 'this variable is set for each run')]
}

/** A port that is given but wrong has its own problem already. */
function isPortWrong(source: Source): boolean {
  const server = (source.value as { server?: { port?: unknown } }).server
  return server?.port !== undefined && server.port !== 'auto'
}
