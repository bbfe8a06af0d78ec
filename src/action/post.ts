import { info, warning } from '@actions/core'
import { messageOf } from '../errors.ts'
import { removeFootprint } from '../session.ts'
import { readFootprint } from './state.ts'

/**
 * The post step: takes away what a cancelled or killed main step left. Housekeeping warns and never fails a job, and a
 * main step that was refused before it began has left nothing.
 */
export async function cleanUpAfterMain(): Promise<void> {
  try {
    const footprint = readFootprint()
    const found = footprint === null ? [] : await removeFootprint(footprint)
    if (found.length === 0) info('Nothing was left to clean up.')
    for (const sentence of found) warning(sentence)
  } catch (error) {
    warning(`The clean-up after the run failed: ${messageOf(error)}`)
  }
}
