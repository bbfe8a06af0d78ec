/** True for a relative path that stays inside the checkout. Both kinds of separator count: Windows reads the same file. */
export function isInsideCheckout(path: string): boolean {
  const parts = path.replaceAll('\\', '/').split('/')
  if (parts[0] === '' || /^[A-Za-z]:/.test(path)) return false
  let depth = 0
  for (const part of parts) {
    if (part === '..') depth -= 1
    else if (part !== '' && part !== '.') depth += 1
    if (depth < 0) return false
  }
  return true
}
