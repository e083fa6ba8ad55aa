import { readdir, readFile } from 'node:fs/promises'
import { didYouMean, GatehouseError, nearest } from '@gatehouse/errors'
import { parseTemplate } from './parse-template.ts'
import { GROUPS, type Template } from './template.ts'

const FOLDER = new URL('../../static/templates/', import.meta.url)

let read: Promise<Template[]> | undefined

/** All templates, by group and title. Read once; the files are part of the program. */
export function templates(): Promise<Template[]> {
  read ??= readAll()
  return read
}

/** Throws NOT_FOUND with the nearest names. */
export async function template(name: string): Promise<Template> {
  const all = await templates()
  const found = all.find((one) => one.name === name)
  if (found) return found
  const near = nearest(
    name,
    all.map((one) => one.name),
  )
  throw new GatehouseError('NOT_FOUND', `There is no template of this name${didYouMean(near)}`, {
    hint: 'GET /templates lists them',
    data: { nearest: near },
  })
}

async function readAll(): Promise<Template[]> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.yaml'))
  const all = await Promise.all(
    files.map(async (file) =>
      parseTemplate(file.slice(0, -5), await readFile(new URL(file, FOLDER), 'utf8')),
    ),
  )
  return all.sort((a, b) => GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group) || (a.title < b.title ? -1 : 1))
}
