import { inspect } from 'node:util';

const BLOT = '[secret]';

/**
 * A value that must not be seen. Every accidental way to text (logs, templates, JSON, `console`) gives a blot;
 * only {@link Secret.reveal} gives the value.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself; call it only where it is handed to the one place that needs it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return BLOT;
  }

  toJSON(): string {
    return BLOT;
  }

  [inspect.custom](): string {
    return BLOT;
  }
}
