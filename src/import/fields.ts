import type { ActionError } from '../errors.ts'
import { malformed } from './refusal.ts'

/** Reads the keys of one JSON object strictly: whatever is not as it must be is refused by file and key. */
export class Fields {
  /** File, with line. */
  readonly where: string
  readonly #value: Readonly<Record<string, unknown>>
  readonly #path: string

  /** @throws ActionError `usage` when the value is not an object */
  constructor(value: unknown, where: string, path = '') {
    this.where = where
    this.#path = path
    if (!isObject(value)) throw this.refuse('', `${show(value)} where an object is needed`)
    this.#value = value
  }

  /** Path of a key inside the file. */
  pathOf(key: string): string {
    return this.#path === '' ? key : `${this.#path}.${key}`
  }

  keys(): string[] {
    return Object.keys(this.#value)
  }

  /** False for an absent key and for null. */
  has(key: string): boolean {
    return (this.#at(key) ?? null) !== null
  }

  /** Whether the value is exactly this text. */
  is(key: string, text: string): boolean {
    return this.#at(key) === text
  }

  /** Zero or more, finite. */
  number(key: string): number {
    return this.#number(this.#at(key), key)
  }

  /** As {@link number}; null where the key is absent or null. */
  optionalNumber(key: string): number | null {
    return this.has(key) ? this.number(key) : null
  }

  count(key: string): number {
    const value = this.number(key)
    if (Number.isInteger(value)) return value
    throw this.refuse(key, `${value}; a whole number is needed`)
  }

  optionalCount(key: string): number | null {
    return this.has(key) ? this.count(key) : null
  }

  text(key: string): string {
    const value = this.#at(key)
    if (typeof value === 'string') return value
    throw this.refuse(key, `${show(value)}; a text is needed`)
  }

  optionalText(key: string): string | null {
    return this.has(key) ? this.text(key) : null
  }

  /** True only for true; anything but a boolean, null or nothing is refused. */
  flag(key: string): boolean {
    const value = this.#at(key) ?? false
    if (typeof value === 'boolean') return value
    throw this.refuse(key, `${show(value)}; true or false is needed`)
  }

  object(key: string): Fields {
    return new Fields(this.#at(key), this.where, this.pathOf(key))
  }

  optionalObject(key: string): Fields | null {
    return this.has(key) ? this.object(key) : null
  }

  list(key: string): readonly unknown[] {
    const value = this.#at(key)
    if (Array.isArray(value)) return value
    throw this.refuse(key, `${show(value)}; a list is needed`)
  }

  /** The objects of a list. */
  objects(key: string): Fields[] {
    return this.list(key).map((value, index) => new Fields(value, this.where, this.pathOf(`${key}[${index}]`)))
  }

  numbers(key: string): number[] {
    return this.list(key).map((value, index) => this.#number(value, `${key}[${index}]`))
  }

  numberLists(key: string): number[][] {
    return this.list(key).map((value, index) => {
      if (!Array.isArray(value)) throw this.refuse(`${key}[${index}]`, `${show(value)}; a list is needed`)
      return value.map((entry, at) => this.#number(entry, `${key}[${index}][${at}]`))
    })
  }

  texts(key: string): string[] {
    return this.list(key).map((value, index) => {
      if (typeof value === 'string') return value
      throw this.refuse(`${key}[${index}]`, `${show(value)}; a text is needed`)
    })
  }

  /** An error that names file and key: `results.json: mean_ttft_ms is "NaN"; ...`. */
  refuse(key: string, problem: string, hint?: string): ActionError {
    const name = key === '' ? this.#path || 'the file' : this.pathOf(key)
    return malformed(`${this.where}: ${name} is ${problem}.`, hint)
  }

  #number(value: unknown, key: string): number {
    if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return value
    throw this.refuse(key, `${show(value)}; a finite number of zero or more is needed`)
  }

  #at(key: string): unknown {
    return Object.hasOwn(this.#value, key) ? this.#value[key] : undefined
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether a JSON value is an object that has all of these keys. */
export function hasKeys(value: unknown, ...keys: readonly string[]): boolean {
  return isObject(value) && keys.every((key) => Object.hasOwn(value, key))
}

const longestShown = 60

function show(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, longestShown)
}
