import { info, warning } from '@actions/core'
import { messageOf } from '../errors.ts'
import { type Footprint, removeFootprint } from '../session.ts'

/** The post step: takes away what a cancelled or killed main step left. Housekeeping warns and never fails a job. */
export async function cleanUpAfterMain(footprint: Footprint): Promise<void> {
  try {
    const found = await removeFootprint(footprint)
    if (found.length === 0) info('Nothing was left to clean up.')
    for (const sentence of found) warning(sentence)
  } catch (error) {
    warning(`The clean-up after the run failed: ${messageOf(error)}`)
  }
}
