import { ActionError } from '../errors.ts'

/** The file is not what it should be: damaged, of an unknown version, or of something else. */
export function malformed(
  message: string,
  hint = 'Give the file as the tool wrote it. If it is damaged, measure again.',
) {
  return new ActionError('usage', message, hint)
}

/** The file is well-formed, but tells of no measurement that could be believed. */
export function noResult(message: string, hint: string) {
  return new ActionError('invalid', message, hint)
}
