/** Ids as JSON-RPC has them: `1` and `"1"` are two. */
type Id = string | number;

/** Requests that have no answer yet. An id may stand here twice: a client that uses one again gets two answers. */
export class OpenRequests {
  readonly #counts = new Map<Id, number>();
  #total = 0;

  /** How many there are. */
  get total(): number {
    return this.#total;
  }

  add(id: Id): void {
    this.#counts.set(id, (this.#counts.get(id) ?? 0) + 1);
    this.#total += 1;
  }

  /** One answer with this id went out. */
  answered(id: Id): void {
    const count = this.#counts.get(id);
    if (count === undefined) return;
    this.#total -= 1;
    if (count === 1) this.#counts.delete(id);
    else this.#counts.set(id, count - 1);
  }

  /** The client no longer wants an answer, so none will come. */
  cancelled(id: Id): void {
    this.#total -= this.#counts.get(id) ?? 0;
    this.#counts.delete(id);
  }
}
