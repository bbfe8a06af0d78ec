/** A person line of a commit object: seconds since 1970 and the zone as `+0200`. */
export interface Signature {
  readonly name: string
  readonly email: string
  readonly seconds: number
  readonly zone: string
}

/** Takes a raw commit object apart, as `git cat-file commit` prints it. */
export function parseCommit(raw: string) {
  const end = raw.indexOf('\n\n')
  const headers = raw.slice(0, end).split('\n')
  const values = (key: string) =>
    headers.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1))
  return {
    parents: values('parent'),
    author: parseSignature(values('author')[0] ?? ''),
    committer: parseSignature(values('committer')[0] ?? ''),
    message: raw.slice(end + 2),
  }
}

function parseSignature(line: string): Signature {
  const match = /^(.*) <(.*)> (\d+) ([+-]\d{4})$/.exec(line)
  if (!match) throw new Error(`not a signature: ${line}`)
  const [, name = '', email = '', seconds = '', zone = ''] = match
  return { name, email, seconds: Number(seconds), zone }
}

/** ISO 8601 in the zone of the signature: the zone is part of the commit's SHA. */
export function isoDate(seconds: number, zone: string): string {
  const local = new Date((seconds + offsetSeconds(zone)) * 1_000).toISOString().slice(0, 19)
  return `${local}${zone.slice(0, 3)}:${zone.slice(3)}`
}

interface ApiPerson {
  readonly name: string
  readonly email: string
  readonly date: string
}

/** The raw commit object of what the API tells about a commit; a message ends with a newline, as git writes it. */
export function commitText(commit: {
  readonly tree: string
  readonly parents: readonly string[]
  readonly author: ApiPerson
  readonly committer: ApiPerson
  readonly message: string
}): string {
  const line = ({ name, email, date }: ApiPerson) => {
    const zone = /([+-]\d{2}):?(\d{2})$/.exec(date)
    return `${name} <${email}> ${Math.floor(Date.parse(date) / 1_000)} ${zone ? `${zone[1]}${zone[2]}` : '+0000'}`
  }
  return [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${line(commit.author)}`,
    `committer ${line(commit.committer)}`,
    '',
    commit.message.endsWith('\n') ? commit.message : `${commit.message}\n`,
  ].join('\n')
}

function offsetSeconds(zone: string): number {
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3))
  return (zone.startsWith('-') ? -60 : 60) * minutes
}
