interface ForbiddenFlag {
  reason: string
  short?: string
}

const IDENTITY = 'credentials and identity are those of the server; nobody chooses them by a flag'
const SERVER = 'the cluster is chosen by the tool parameter "context"'
const PREVIEW = 'every change is tried on the server and waits for approval anyway; leave it out'
const BULK = 'a change names each object; list them first'
const FILES = 'files are not read; a manifest goes into stdin with "apply -f -"'

/** Flags of kubectl that no command may carry, and why. */
export const FORBIDDEN: Record<string, ForbiddenFlag> = {
  server: { reason: SERVER, short: 's' },
  context: { reason: SERVER },
  cluster: { reason: SERVER },
  kubeconfig: { reason: SERVER },
  'tls-server-name': { reason: SERVER },
  'insecure-skip-tls-verify': { reason: SERVER },
  'certificate-authority': { reason: SERVER },
  token: { reason: IDENTITY },
  user: { reason: IDENTITY },
  username: { reason: IDENTITY },
  password: { reason: IDENTITY },
  as: { reason: IDENTITY },
  'as-group': { reason: IDENTITY },
  'as-uid': { reason: IDENTITY },
  'as-user-extra': { reason: IDENTITY },
  'client-certificate': { reason: IDENTITY },
  'client-key': { reason: IDENTITY },
  v: { reason: 'the log of requests would show credentials', short: 'v' },
  raw: { reason: 'raw paths are not read' },
  force: { reason: 'nothing is forced; a conflict is shown instead' },
  'force-conflicts': { reason: 'nothing is forced; a conflict is shown instead' },
  all: { reason: BULK },
  'all-namespaces': { reason: BULK, short: 'A' },
  selector: { reason: BULK, short: 'l' },
  'field-selector': { reason: BULK },
  prune: { reason: BULK },
  recursive: { reason: FILES, short: 'R' },
  filename: { reason: FILES, short: 'f' },
  kustomize: { reason: FILES, short: 'k' },
  'patch-file': { reason: 'files are not read; write the patch behind -p in single quotes' },
  'from-file': { reason: 'files are not read; use --from-literal or "apply -f -"' },
  'from-env-file': { reason: 'files are not read; use --from-literal or "apply -f -"' },
  'dry-run': { reason: PREVIEW },
  output: { reason: 'a change answers with its request; read the object afterwards', short: 'o' },
  watch: { reason: 'nothing is watched; ask again', short: 'w' },
  'watch-only': { reason: 'nothing is watched; ask again' },
  template: { reason: 'templates are not run; -o yaml shows the object, secrets masked' },
  subresource: { reason: 'sub-resources are not addressed' },
  local: { reason: 'the object is read from the cluster' },
  stdin: { reason: 'there is no terminal and no standard input', short: 'i' },
  tty: { reason: 'there is no terminal', short: 't' },
  record: { reason: 'the audit record keeps every command' },
  'request-timeout': { reason: 'the server has its own deadline' },
  timeout: { reason: 'whether it worked is told by operations.waitForOperation' },
  'field-manager': { reason: 'the field manager is "gatehouse"' },
  edit: { reason: 'there is no editor' },
  interactive: { reason: 'there is nobody to ask; a person approves on the page' },
}
