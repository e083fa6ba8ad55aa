export { changes, type ShownChange } from './components/changes.ts'
export { anchored, codeBlock } from './components/code.ts'
export { definitions, lines, type TableColumn, table } from './components/table.ts'
export { moment } from './components/time.ts'
export {
  badge,
  claim,
  empty,
  errorBlock,
  fingerprint,
  notice,
  place,
  shortId,
  type Tone,
} from './components/words.ts'
export {
  attributes,
  exposed,
  type Html,
  hiddenField,
  html,
  identifier,
  inputField,
  linkAway,
  nothing,
  part,
  type Shown,
  textArea,
} from './html/html.ts'
export { type Asset, assetAt } from './shell/assets.ts'
export { ASSET_HEADERS, GUARD_HEADERS, PAGE_HEADERS } from './shell/headers.ts'
export { banner, type Link, type Page, page, type SearchField } from './shell/page.ts'
