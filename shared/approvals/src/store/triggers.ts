import type { Engine } from './migrations.ts'

// Defence in depth. What counts is checked again in code, against digests: a trigger can be dropped.

/** Refuses every update of the named columns, and every deletion of a row. */
export function freezeColumns(engine: Engine, table: string, columns: string[]): string[] {
  const differs = engine === 'sqlite' ? 'IS NOT' : 'IS DISTINCT FROM'
  const changed = columns.map((column) => `NEW.${column} ${differs} OLD.${column}`).join(' OR ')
  return [
    ...refuse(engine, `${table}_frozen`, `BEFORE UPDATE ON ${table}`, changed),
    ...refuse(engine, `${table}_kept`, `BEFORE DELETE ON ${table}`),
  ]
}

/** Refuses updates of rows in a final state, and steps that are not among `follows`. */
export function guardTransitions(engine: Engine, table: string, follows: Record<string, string[]>): string[] {
  const list = (states: string[]) => states.map((state) => `'${state}'`).join(',')
  const steps = Object.entries(follows).map(
    ([from, to]) => `(OLD.state = '${from}' AND NEW.state IN (${list([from, ...to])}))`,
  )
  return refuse(engine, `${table}_steps`, `BEFORE UPDATE ON ${table}`, `NOT (${steps.join(' OR ')})`)
}

/** Rows that are written once. */
export function neverChanges(engine: Engine, table: string): string[] {
  return [
    ...refuse(engine, `${table}_update`, `BEFORE UPDATE ON ${table}`),
    ...refuse(engine, `${table}_delete`, `BEFORE DELETE ON ${table}`),
  ]
}

function refuse(engine: Engine, name: string, event: string, when?: string): string[] {
  const message = `${name}: refused`
  if (engine === 'sqlite') {
    const condition = when ? `WHEN ${when} ` : ''
    return [`CREATE TRIGGER ${name} ${event} ${condition}BEGIN SELECT RAISE(ABORT, '${message}'); END`]
  }
  const body = `RAISE EXCEPTION '${message}';`
  const guarded = when ? `IF ${when} THEN ${body} END IF; RETURN NEW;` : body
  return [
    `CREATE FUNCTION ${name}_fn() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${guarded} END $$`,
    `CREATE TRIGGER ${name} ${event} FOR EACH ROW EXECUTE FUNCTION ${name}_fn()`,
  ]
}
