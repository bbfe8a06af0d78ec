import { ActionError } from '../../src/errors.ts'

/** What an action is refused with; being accepted, or failing otherwise, fails the test. */
export function refusalOf(action: () => unknown): ActionError {
  try {
    action()
  } catch (error) {
    if (error instanceof ActionError) return error
    throw error
  }
  throw new Error('accepted')
}

export const messageOf = (action: () => unknown): string => refusalOf(action).message
