/** A count with its noun: `1 pair`, `8 pairs`, `2 more rows`. For nouns that take an s. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** What somebody else wrote, ended as a sentence: with its own mark where it has one. */
export function asSentence(text: string): string {
  const trimmed = text.trimEnd()
  return /[.!?…。！？]$/u.test(trimmed) ? trimmed : `${trimmed}.`
}
