import type { LoadConfig } from '../../model/config.ts'
import { fewestRequests } from '../../model/scenario.ts'
import { plural } from '../../model/words.ts'

/** Tells of each prompt file that has fewer prompts than a scenario has requests, so that prompts come again. */
export function promptNotes({ scenarios, prompts }: Pick<LoadConfig, 'scenarios' | 'prompts'>): readonly string[] {
  return scenarios.flatMap((scenario) => {
    const { file } = scenario.prompts ?? {}
    const requests = fewestRequests(scenario)
    const count = file === undefined ? requests : (prompts[file]?.length ?? 0)
    if (count >= requests) return []
    return [
      `${file} holds ${plural(count, 'prompt')} for the ${plural(requests, 'request')} of "${scenario.name}": prompts come again, each time behind other words.`,
    ]
  })
}
