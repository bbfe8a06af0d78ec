/** Shows the action's log as it comes, indented, without the commands that are meant for the runner. */
export function progressPrinter(): { readonly write: (text: string) => void; readonly end: () => void } {
  let rest = ''
  const show = (line: string) => {
    const group = /^::group::(.*)$/.exec(line)?.[1]
    if (group !== undefined) console.log(`  ${group}`)
    else if (line !== '' && !/^::(endgroup|set-output|save-state|add-mask)/.test(line))
      console.log(`    ${readable(line)}`)
  }
  return {
    write(text) {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) show(line)
    },
    end() {
      show(rest)
      rest = ''
    },
  }
}

/** `::error title=x::text%0Amore` as the log of a job shows it. */
function readable(line: string): string {
  const command = /^::(?<level>error|warning|notice)[^:]*::(?<text>.*)$/.exec(line)?.groups
  if (!command) return line
  const text = (command.text ?? '').replaceAll('%0A', '\n      ').replaceAll('%0D', '').replaceAll('%25', '%')
  return `${command.level}: ${text}`
}

/** A comment as a person reads it on GitHub: folded parts by their title alone, tags and the hidden marker gone. */
export function printComment(body: string): void {
  const shown = body
    .replaceAll(/<!--[\s\S]*?-->\s*/g, '')
    .replaceAll(/<details>\s*<summary>(.*?)<\/summary>[\s\S]*?<\/details>/g, '▸ $1')
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll(/\n{3,}/g, '\n\n')
  console.log(
    shown
      .trim()
      .split('\n')
      .map((line) => `  │ ${line}`)
      .join('\n'),
  )
}
