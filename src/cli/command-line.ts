import { parseArgs } from 'node:util'
import { ActionError } from '../errors.ts'
import type { Command, CommandLine } from './command.ts'

/** @throws ActionError `usage` with every unknown, malformed or missing flag at once. */
export function parseCommandLine(command: Command, args: readonly string[]): CommandLine {
  const options = Object.fromEntries(Object.entries(command.flags).map(([name, { type }]) => [name, { type }]))
  const { values, tokens, positionals } = parseArgs({
    args: [...args],
    options,
    strict: false,
    tokens: true,
    allowPositionals: true,
  })
  const problems: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional' && command.operand === undefined) {
      problems.push(`"${token.value}": this command takes flags only`)
    }
    if (token.kind !== 'option') continue
    const flag = Object.hasOwn(command.flags, token.name) ? command.flags[token.name] : undefined
    if (!flag) problems.push(`${token.rawName}: unknown; allowed: ${listFlags(command)}`)
    else if (flag.type === 'string' && !token.value) problems.push(`${token.rawName}: a value must follow`)
    else if (flag.type === 'boolean' && token.value !== undefined)
      problems.push(`${token.rawName}: takes no value, got "${token.value}"`)
  }
  for (const [name, { required }] of Object.entries(command.flags)) {
    if (required && values[name] === undefined) problems.push(`--${name}: missing, and the command needs it`)
  }
  if (command.operand !== undefined && positionals.length === 0) {
    problems.push(`${command.operand}: missing, and the command needs at least one`)
  }
  if (problems.length > 0) throw new ActionError('usage', problems.join('\n'), `Usage: ${command.usage}`)
  return {
    text: (name) => (typeof values[name] === 'string' ? values[name] : undefined),
    has: (name) => values[name] === true,
    operands: positionals,
  }
}

function listFlags(command: Command): string {
  return Object.keys(command.flags)
    .map((name) => `--${name}`)
    .join(', ')
}
