type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Children of a value that a step leads to: `*` is every element or field. */
const childrenOf = (value: unknown, step: string): unknown[] => {
  if (Array.isArray(value)) return step === '*' ? value : [value[Number(step)]];
  if (!isObject(value)) return [];
  return step === '*' ? Object.values(value) : [value[step]];
};

const everyObject = (value: unknown): Json[] => {
  if (Array.isArray(value)) return value.flatMap(everyObject);
  return isObject(value) ? [value, ...Object.values(value).flatMap(everyObject)] : [];
};

const holdersOf = (answer: unknown, steps: readonly string[]): unknown[] =>
  steps.reduce<unknown[]>(
    (values, step) =>
      step === '**' ? values.flatMap(everyObject) : values.flatMap((value) => childrenOf(value, step)),
    [answer],
  );

/**
 * Changes an answer in place. A path is `conversations.*.statistics`; `*` stands for every element, `**` for every object at any
 * depth, so that `**.new_field` adds a field everywhere.
 */
export const editAnswer = (
  answer: unknown,
  edits: { readonly set?: Readonly<Record<string, unknown>>; readonly remove?: readonly string[] },
): void => {
  const apply = (path: string, change: (holder: Json, key: string) => void): void => {
    const steps = path.split('.');
    const key = steps.pop() ?? '';
    for (const holder of holdersOf(answer, steps))
      if (isObject(holder) || Array.isArray(holder)) change(holder as Json, key);
  };
  for (const [path, value] of Object.entries(edits.set ?? {}))
    apply(path, (holder, key) => {
      if (!Array.isArray(holder) || Number(key) < holder.length) holder[key] = value;
    });
  for (const path of edits.remove ?? [])
    apply(path, (holder, key) => {
      delete holder[key];
    });
};
