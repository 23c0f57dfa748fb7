import type { BulkTarget } from "./bulk-target.js";

/** How to make a table's indexes and keys again. */
export interface DroppedIndexes {
  readonly tables: readonly string[];
  restore(onStep: (done: number, total: number) => void): Promise<void>;
}

interface Definition {
  readonly table: string;
  readonly name: string;
  readonly kind: string;
  readonly definition: string;
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/**
 * Takes keys and indexes off tables that are about to be filled: made once at the end, from sorted rows, they cost a third. What
 * they were is asked of the database itself, so migrations may change them freely.
 */
export async function dropIndexes(target: BulkTarget, tables: readonly string[]): Promise<DroppedIndexes> {
  const names = tables.map((table) => `'${table}'::regclass`).join(", ");
  const constraints = await target.run<Definition>(`
    select conrelid::regclass::text as table, conname as name, contype::text as kind, pg_get_constraintdef(oid) as definition
    from pg_constraint where conrelid in (${names}) and contype in ('p', 'u', 'f') order by conname`);
  const indexes = await target.run<Definition>(`
    select i.indrelid::regclass::text as table, i.indexrelid::regclass::text as name, 'i' as kind,
      pg_get_indexdef(i.indexrelid) as definition
    from pg_index i where i.indrelid in (${names})
      and not exists (select 1 from pg_constraint c where c.conindid = i.indexrelid and c.conrelid = i.indrelid)
    order by name`);
  // Foreign keys lean on the others: they go first and come back last.
  const isForeign = ({ kind }: Definition) => kind === "f";
  const own = constraints.filter((constraint) => !isForeign(constraint));
  const foreign = constraints.filter(isForeign);
  for (const { table, name } of [...foreign, ...own]) {
    await target.run(`alter table ${table} drop constraint ${quoted(name)}`);
  }
  for (const { name } of indexes) await target.run(`drop index ${name}`);
  const steps = [
    ...own.map(({ table, name, definition }) => `alter table ${table} add constraint ${quoted(name)} ${definition}`),
    ...indexes.map(({ definition }) => definition),
    ...foreign.map(
      ({ table, name, definition }) => `alter table ${table} add constraint ${quoted(name)} ${definition}`,
    ),
  ];
  return {
    tables,
    async restore(onStep) {
      for (const [done, step] of steps.entries()) {
        onStep(done, steps.length);
        await target.run(step);
      }
      onStep(steps.length, steps.length);
    },
  };
}
