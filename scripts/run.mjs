// Runs scripts/<verb>.ts. Plain JavaScript on purpose: an older Node must get this message, not a syntax error.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 24 || (major === 24 && minor < 12)) {
  console.error(
    `Gatehouse needs Node 24.12 or newer and this is ${process.version}.\n` +
      'Run it through npm (npm start, npm test): the "node" package brings Node 26 into scripts.\n' +
      'If you did, its install script was switched off: run "npm rebuild node" (or "npm ci" without --ignore-scripts).',
  )
  process.exit(1)
}
const [verb, ...rest] = process.argv.slice(2)
// Verbs without options of their own; the others explain themselves.
const HELP = {
  check: 'Looks at format, lint, types, unused code and generated files. Changes nothing.',
  fix: 'Formats, and mends what the linter can mend.',
  generate: 'Writes contracts, tool pages and tables from the tools. With --check it only compares.',
  smoke: 'Starts each server over stdio and HTTP, and the suite behind the hub; calls one tool of each.',
}
if (rest.includes('--help') && HELP[verb]) {
  console.log(`npm run ${verb}\n\n${HELP[verb]}`)
  process.exit(0)
}
const script = new URL(`./${verb}.ts`, import.meta.url)
process.argv = [process.argv[0], script.pathname, ...rest]
await import(script.href)
