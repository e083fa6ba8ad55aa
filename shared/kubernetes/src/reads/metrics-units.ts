/** Cores as kubectl top prints them: `250m`. */
export function milliCores(cores: number): string {
  return `${Math.ceil(cores * 1000 - 1e-9)}m`
}

/** Bytes as kubectl top prints them: `64Mi`. */
export function mebiBytes(bytes: number): string {
  return `${Math.floor(bytes / 2 ** 20)}Mi`
}
