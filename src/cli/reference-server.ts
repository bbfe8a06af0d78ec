import { parseReferenceFlags, referenceFlags, serveReference } from '../reference-server/index.ts'
import type { Command } from './command.ts'

/** A server of known timing, to hold this or any other load generator against. */
export const referenceServer: Command = {
  usage:
    'llm-perf reference-server [--port N] [--ttft-ms N] [--gap-ms N] [--tokens-per-event N] [--fault NAME [--every N]] [--log FILE]',
  summary: 'Serves the OpenAI APIs without a model: tokens come by the clock, and its log tells when they really left.',
  flags: Object.fromEntries(referenceFlags.map((flag) => [flag, { type: 'string' as const }])),
  async execute({ line, signal, print }) {
    const options = parseReferenceFlags((flag) => line.text(flag))
    await serveReference(options, signal, print)
    return 0
  },
}
