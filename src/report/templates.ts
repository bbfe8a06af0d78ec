import { readFileSync } from 'node:fs'
import Mustache from 'mustache'
import { escapeMarkdown } from './style.ts'

/**
 * The only file that reads templates. The bundler copies each file that it finds in exactly this form of URL, into one
 * folder: so the calls are written out, and names are unique.
 */
const partials = {
  'report-table': load(new URL('../../templates/report-table.mustache', import.meta.url)),
  'report-details': load(new URL('../../templates/report-details.mustache', import.meta.url)),
}

const templates = {
  comment: load(new URL('../../templates/comment.mustache', import.meta.url)),
  summary: load(new URL('../../templates/summary.mustache', import.meta.url)),
  failure: load(new URL('../../templates/failure.mustache', import.meta.url)),
  baseline: load(new URL('../../templates/baseline-summary.mustache', import.meta.url)),
}

/** `{{name}}` is escaped as running text in markdown; `{{{name}}}` is markdown already. */
export function fill(template: keyof typeof templates, view: object): string {
  return Mustache.render(templates[template], view, partials, { escape: (value) => escapeMarkdown(String(value)) })
}

function load(url: URL): string {
  return readFileSync(url, 'utf8').replace(/\r\n/g, '\n')
}
