import type { RunFile } from '../model/recording.ts'

/** What the reader of a verdict on imported recordings must know. */
export function importNotes(...runs: readonly Pick<RunFile, 'imported'>[]): string[] {
  const imported = runs.flatMap((run) => run.imported ?? [])
  const [first] = imported
  if (!first) return []
  const versions = [...new Set(imported.map(({ version }) => version ?? 'not stated'))]
  return [
    `Measured by ${first.tool} (version ${versions.join(' and ')}), not by llm-perf. Its files do not tell: ${first.untold.join(', ')}. So a throttled GPU, a busy client, cached prompts or a server that was not warm would go unseen. Each run is taken for one server start.`,
  ]
}
