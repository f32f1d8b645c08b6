/** Keeps the first `limit` rows of an order, whatever the order of their coming: a heap with the last one on top. */
export class TopRows<Row> {
  readonly #limit: number;
  readonly #compare: (a: Row, b: Row) => number;
  readonly #heap: Row[] = [];

  /** @param compare negative when `a` stands before `b` */
  constructor(limit: number, compare: (a: Row, b: Row) => number) {
    this.#limit = limit;
    this.#compare = compare;
  }

  /** The row that would have to go next; undefined while there is room. */
  get last(): Row | undefined {
    return this.#heap.length < this.#limit ? undefined : this.#heap[0];
  }

  add(row: Row): void {
    const heap = this.#heap;
    if (heap.length < this.#limit) {
      heap.push(row);
      this.#up(heap.length - 1);
    } else if (this.#limit > 0 && this.#compare(row, heap[0] as Row) < 0) {
      heap[0] = row;
      this.#down(0);
    }
  }

  /** In order. */
  sorted(): Row[] {
    return [...this.#heap].sort(this.#compare);
  }

  #up(from: number): void {
    const heap = this.#heap;
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >>> 1;
      if (this.#compare(heap[at] as Row, heap[parent] as Row) <= 0) return;
      [heap[at], heap[parent]] = [heap[parent] as Row, heap[at] as Row];
      at = parent;
    }
  }

  #down(from: number): void {
    const heap = this.#heap;
    for (let at = from; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let last = at;
      if (left < heap.length && this.#compare(heap[left] as Row, heap[last] as Row) > 0) last = left;
      if (right < heap.length && this.#compare(heap[right] as Row, heap[last] as Row) > 0) last = right;
      if (last === at) return;
      [heap[at], heap[last]] = [heap[last] as Row, heap[at] as Row];
      at = last;
    }
  }
}
