interface Dated {
  readonly columns: { readonly id: string; readonly updated_at: number };
}

/** Of an object that a page shows twice, the newer one. */
export const newestById = <Item extends Dated>(items: readonly Item[]): Item[] => {
  const byId = new Map<string, Item>();
  for (const item of items) {
    const known = byId.get(item.columns.id);
    if (known === undefined || known.columns.updated_at <= item.columns.updated_at)
      byId.set(item.columns.id, item);
  }
  return [...byId.values()];
};
