// Runs on any Node: says which Node runs the scripts when it is the wrong one, before anything fails in a stranger way.
const wanted = 24
const major = Number(process.versions.node.split('.')[0])
if (major < wanted) {
  console.error(
    `This project's scripts need Node ${wanted} or later; they were started by Node ${process.versions.node}.\n` +
      `"npm ci" normally installs Node ${wanted} as a development dependency and npm scripts then use it. It was not\n` +
      'installed here: install scripts were skipped (--ignore-scripts, or an npm that blocks them).\n' +
      `Run "npm rebuild node" once, or install Node ${wanted} yourself, and start again.`,
  )
  process.exit(1)
}
