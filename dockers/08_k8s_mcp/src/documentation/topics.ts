import { readdir, readFile } from 'node:fs/promises'
import { didYouMean, GatehouseError, nearest } from '@gatehouse/errors'
import { GROUPS, parseTopic, type Topic } from './topic.ts'

const FOLDER = new URL('../../static/docs/', import.meta.url)

let read: Promise<readonly Topic[]> | undefined

/** Every topic, by group and title; read from the disk once. */
export function topics(): Promise<readonly Topic[]> {
  read ??= readAll()
  // A file that could not be read now may be readable later.
  read.catch(() => {
    read = undefined
  })
  return read
}

/** @throws GatehouseError NOT_FOUND with the nearest names */
export async function topicNamed(name: string): Promise<Topic> {
  const all = await topics()
  const found = all.find((one) => one.name === name)
  if (found) return found
  const near = nearest(
    name,
    all.map((one) => one.name),
  )
  throw new GatehouseError('NOT_FOUND', `There is no topic of this name${didYouMean(near)}`, {
    hint: 'See /docs for all topics, or /search',
    data: { nearest: near },
  })
}

async function readAll(): Promise<Topic[]> {
  const groups = await Promise.all(
    GROUPS.map(async (group) => {
      const folder = new URL(`${group}/`, FOLDER)
      const files = (await readdir(folder)).filter((file) => file.endsWith('.md'))
      const found = await Promise.all(
        files.map(async (file) => {
          const text = await readFile(new URL(file, folder), 'utf8')
          return parseTopic(group, file.slice(0, -3), text)
        }),
      )
      return found.sort((a, b) => (a.title < b.title ? -1 : 1))
    }),
  )
  return groups.flat()
}
