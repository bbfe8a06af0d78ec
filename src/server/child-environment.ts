/** Names this run's processes; the post step finds leftovers by it. */
export const runVariable = 'LLM_PERF_RUN_ID'
/** Names one start of one command, so that stopping it never touches another one of the same run. */
export const startVariable = 'LLM_PERF_START_ID'

/**
 * The runner's own variables. The code under test must neither see the job's token nor write the job's outputs.
 * RUNNER_TRACKING_ID stays: by it the runner itself removes what outlives the job.
 */
const withheld =
  /^(INPUT_|STATE_|ACTIONS_)|^(GITHUB_TOKEN|GH_TOKEN|GITHUB_OUTPUT|GITHUB_STATE|GITHUB_ENV|GITHUB_PATH|GITHUB_STEP_SUMMARY)$/i

/** The environment of a child: ours without what is withheld, then the configured variables, then the two ids. */
export function childEnvironment(
  own: NodeJS.ProcessEnv,
  configured: Readonly<Record<string, string>>,
  ids: { readonly marker: string; readonly startId: string },
): NodeJS.ProcessEnv {
  const inherited = Object.entries(own).filter(([name]) => !withheld.test(name))
  return {
    ...Object.fromEntries(inherited),
    ...configured,
    [runVariable]: ids.marker,
    [startVariable]: ids.startId,
  }
}

/** `{{port}}` replaced by the number. Nothing else is a template here: shells and servers have braces of their own. */
export function fillPort(text: string, port: number): string {
  return text.replace(/\{\{\s*port\s*\}\}/g, String(port))
}
