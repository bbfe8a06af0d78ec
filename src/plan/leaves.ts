import { z } from 'zod'
import { nearestName } from './nearest.ts'

/**
 * The kinds of value a key can hold. The error text of each is what is *allowed*: a problem puts it behind the value
 * that was seen, so it reads as "a whole number from 1 to 65535".
 */

export function wholeNumber(min: number, max: number, orElse = '') {
  const error = `a whole number from ${min} to ${max}${orElse}`
  return z.int({ error }).min(min, { error }).max(max, { error })
}

/** A number above 0. */
export function positiveNumber(max: number, unit: string) {
  const error = `a number of ${unit} above 0, at most ${max}`
  return z.number({ error }).positive({ error }).max(max, { error })
}

/** Text that says something; NUL would end it early on its way to another program. */
export function text(allowed: string) {
  return z.string({ error: allowed }).regex(/^[^\0]*[^\0\s][^\0]*$/, { error: allowed })
}

export function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, { error: values.join(', ') })
}

/** As `oneOf`, for lists that nobody has by heart: a wrong name is told with the one that was most likely meant. */
export function nameFrom<const T extends readonly [string, ...string[]]>(names: T) {
  return z.enum(names, {
    error: ({ input }) => {
      const wanted = typeof input === 'string' ? input.toLowerCase() : ''
      const near = nearestName(
        wanted,
        names.map((name) => name.toLowerCase()),
      )
      const meant = names.find((name) => name.toLowerCase() === near)
      return meant === undefined ? names.join(', ') : `${names.join(', ')}; did you mean ${meant}?`
    },
  })
}

export const trueOrFalse = z.boolean({ error: 'true or false' })

const percentPattern = /^\d+(\.\d+)?\s*%$/

/** `10%` or 0.1, read as the fraction 0.1. Bounds in per cent. */
export function fraction(minPercent: number, maxPercent: number) {
  const error = `from ${minPercent}% to ${maxPercent}%, written as 10% or as 0.1`
  return z
    .union([z.number({ error }), z.string({ error }).regex(percentPattern, { error })], { error })
    .transform((value) => (typeof value === 'number' ? value : Number.parseFloat(value) / 100))
    .pipe(
      z
        .number({ error })
        .min(minPercent / 100, { error })
        .max(maxPercent / 100, { error }),
    )
}

/** A mapping that knows its keys; unknown ones are refused, since a misspelt key would silently mean its default. */
export function section<T extends z.ZodRawShape>(shape: T) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'invalid_type' ? `a mapping with ${Object.keys(shape).join(', ')}` : undefined),
  })
}

/** A mapping with free keys. */
export function mapping<V extends z.ZodType>(keys: z.ZodString, value: V, allowedKey: string) {
  return z.record(keys, value, { error: (issue) => (issue.code === 'invalid_key' ? allowedKey : 'a mapping') })
}

/** Text, or a number or boolean that YAML made of it. */
export function scalarText(allowed: string) {
  const anyText = z.string({ error: allowed }).regex(/^[^\0]*$/, { error: allowed })
  return z.union([anyText, z.number(), z.boolean()], { error: allowed }).transform(String)
}
