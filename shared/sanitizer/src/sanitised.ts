declare const sanitised: unique symbol

/** Data that went through the sanitizer. The only type a door, a page, a log call or the audit may serialise. */
export type Sanitised<T> = T & { readonly [sanitised]: true }

/**
 * Brands data as sanitised. Stays inside this package: whoever could call it could skip the sanitizer.
 */
export function brand<T>(data: T): Sanitised<T> {
  return data as Sanitised<T>
}
