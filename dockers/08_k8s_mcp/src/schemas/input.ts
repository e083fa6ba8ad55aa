import { z } from 'zod'

/** Inputs that mean the same in every tool. Descriptions only where the name does not say it: they cost tokens. */
export const context = z.string().min(1).max(253).optional()
export const namespace = z.string().min(1).max(253).optional()
export const allNamespaces = z.boolean().optional()
export const labelSelector = z.string().max(1000).optional()
export const fieldSelector = z.string().max(1000).optional()
export const limit = z.int().min(1).max(500).optional()
export const cursor = z.string().max(300).optional()
export const maxTokens = z.int().min(200).max(20_000).optional()
export const name = z.string().min(1).max(253)
export const kind = z.string().min(1).max(253)
export const apiVersion = z.string().max(253).optional()
