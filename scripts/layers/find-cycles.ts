/**
 * The cycles of a graph, as its strongly connected groups of two or more (or of one that points at itself).
 * Tarjan's algorithm; groups and their members come in the order in which they were met.
 */
export const findCycles = (graph: ReadonlyMap<string, readonly string[]>): string[][] => {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const groups: string[][] = [];
  const lowest = (node: string): number => low.get(node) ?? Number.POSITIVE_INFINITY;
  const visit = (node: string): void => {
    const index = order.size;
    order.set(node, index);
    low.set(node, index);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) {
        visit(next);
        low.set(node, Math.min(lowest(node), lowest(next)));
      } else if (stack.includes(next)) {
        low.set(node, Math.min(lowest(node), order.get(next) ?? index));
      }
    }
    if (lowest(node) !== index) return;
    const group = stack.splice(stack.indexOf(node));
    if (group.length > 1 || graph.get(node)?.includes(node)) groups.push(group);
  };
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return groups;
};
