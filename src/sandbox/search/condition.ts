import { EVERYTHING, intersect, type Spans, unite } from '../live/spans.ts';
import type { JsonObject, TimeField } from '../world.ts';

/** One object that a search looks at. Its times are cheap, the object itself has to be built. */
export interface Candidate {
  time(field: TimeField): number;
  object(): JsonObject;
}

/** What a query asks for. */
export interface Condition {
  /**
   * The spans of a time outside of which nothing matches; `exact`: everything inside does, so that no object has to be
   * looked at.
   */
  spans(field: TimeField): { readonly spans: Spans; readonly exact: boolean };
  test(candidate: Candidate): boolean;
}

export const always: Condition = {
  spans: () => ({ spans: EVERYTHING, exact: true }),
  test: () => true,
};

/** A time of the index within spans. */
export const within = (field: TimeField, spans: Spans): Condition => ({
  spans: (asked) => (asked === field ? { spans, exact: true } : { spans: EVERYTHING, exact: false }),
  test: (candidate) => {
    const time = candidate.time(field);
    return spans.some(({ low, high }) => time >= low && time <= high);
  },
});

export const matching = (test: (object: JsonObject) => boolean): Condition => ({
  spans: () => ({ spans: EVERYTHING, exact: false }),
  test: (candidate) => test(candidate.object()),
});

const combine = (
  conditions: readonly Condition[],
  field: TimeField,
  join: (left: Spans, right: Spans) => Spans,
): { spans: Spans; exact: boolean } =>
  conditions
    .map((condition) => condition.spans(field))
    .reduce((left, right) => ({
      spans: join(left.spans, right.spans),
      exact: left.exact && right.exact,
    }));

/** @param conditions at least one */
export const allOf = (conditions: readonly Condition[]): Condition => ({
  spans: (field) => combine(conditions, field, intersect),
  test: (candidate) => conditions.every((condition) => condition.test(candidate)),
});

/** @param conditions at least one */
export const anyOf = (conditions: readonly Condition[]): Condition => ({
  spans: (field) => combine(conditions, field, unite),
  test: (candidate) => conditions.some((condition) => condition.test(candidate)),
});
