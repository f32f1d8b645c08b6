import { type Node, parseSync } from 'oxc-parser';

/** One way in which a module names another. */
export interface Reference {
  readonly specifier: string;
  readonly line: number;
  readonly kind: 'static' | 'type' | 'dynamic' | 'url';
}

/** What the layer rules need to know of a module. */
export interface ModuleFacts {
  readonly references: readonly Reference[];
  /** Lines that read the environment. */
  readonly environmentLines: readonly number[];
  /** Lines with an import that cannot be followed: a computed name, or a loader of CommonJS. */
  readonly opaqueLines: readonly number[];
}

type AnyNode = Node | { readonly type: string };
type Fields = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is AnyNode & Fields =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

const fieldsOf = (node: unknown): Fields => (isNode(node) ? node : {});
const isNamed = (node: unknown, name: string): boolean =>
  fieldsOf(node).type === 'Identifier' && fieldsOf(node).name === name;

/** The text of a literal string, also one in back quotes without holes; undefined for all else. */
const textOf = (node: unknown): string | undefined => {
  const { type, value, quasis } = fieldsOf(node);
  if (type === 'Literal' && typeof value === 'string') return value;
  // A type's `import('x')` wraps its literal.
  if (type === 'TSLiteralType') return textOf(fieldsOf(node).literal);
  if (type !== 'TemplateLiteral' || !Array.isArray(quasis) || quasis.length !== 1) return undefined;
  const cooked = (fieldsOf(quasis[0]).value as { cooked?: unknown } | undefined)?.cooked;
  return typeof cooked === 'string' ? cooked : undefined;
};

/** `x.name`, `x['name']` and `x?.name`. */
const memberName = (node: Fields): string | undefined =>
  node.computed === true ? textOf(node.property) : (fieldsOf(node.property).name as string | undefined);

const isProcess = (node: unknown): boolean => {
  if (isNamed(node, 'process')) return true;
  const fields = fieldsOf(node);
  return fields.type === 'MemberExpression' && memberName(fields) === 'process';
};

const isEnvironment = (node: Fields): boolean => {
  if (node.type === 'MemberExpression') return isProcess(node.object) && memberName(node) === 'env';
  if (node.type === 'VariableDeclarator')
    return isProcess(node.init) && fieldsOf(node.id).type === 'ObjectPattern';
  if (node.type !== 'ImportDeclaration' || !/^(node:)?process$/.test(textOf(node.source) ?? '')) return false;
  return (
    Array.isArray(node.specifiers) && node.specifiers.some((each) => isNamed(fieldsOf(each).imported, 'env'))
  );
};

const LOADERS = ['require', 'createRequire', 'getBuiltinModule'];
const isLoader = (node: Fields): boolean => {
  if (node.type !== 'CallExpression') return false;
  const callee = fieldsOf(node.callee);
  const name = callee.type === 'MemberExpression' ? memberName(callee) : callee.name;
  return typeof name === 'string' && LOADERS.includes(name);
};

/** The module that a node names, `null` for one that cannot be told, undefined when the node names none. */
const referenceOf = (node: Fields): Omit<Reference, 'line'> | null | undefined => {
  const made = (source: unknown, kind: Reference['kind']): Omit<Reference, 'line'> | null => {
    const specifier = textOf(source);
    return specifier === undefined ? null : { specifier, kind };
  };
  switch (node.type) {
    case 'ImportDeclaration':
      return made(node.source, node.importKind === 'type' ? 'type' : 'static');
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return isNode(node.source)
        ? made(node.source, node.exportKind === 'type' ? 'type' : 'static')
        : undefined;
    case 'ImportExpression':
      return made(node.source, 'dynamic');
    case 'TSImportType':
      return made(node.source ?? node.argument, 'type');
    case 'NewExpression': {
      // A worker's file: `new URL('./worker.ts', import.meta.url)`.
      const first =
        isNamed(node.callee, 'URL') && Array.isArray(node.arguments) ? textOf(node.arguments[0]) : undefined;
      return first !== undefined && /^\.\.?\/.*\.[cm]?[jt]s$/.test(first)
        ? { specifier: first, kind: 'url' }
        : undefined;
    }
    default:
      return isLoader(node) ? null : undefined;
  }
};

/**
 * Reads what a module imports, in every form: imports and re-exports, of values and of types, `import()` as an
 * expression and as a type, and the file of a worker.
 * @throws Error when the text is not TypeScript.
 */
export const readModule = (file: string, text: string): ModuleFacts => {
  const { program, errors } = parseSync(file, text);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${file}: ${error.message}`);
  const references: Reference[] = [];
  const environmentLines: number[] = [];
  const opaqueLines: number[] = [];
  const lineOf = (node: Fields): number => text.slice(0, Number(node.start)).split('\n').length;
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isNode(value)) return;
    const reference = referenceOf(value);
    if (reference === null) opaqueLines.push(lineOf(value));
    else if (reference !== undefined) references.push({ ...reference, line: lineOf(value) });
    if (isEnvironment(value)) environmentLines.push(lineOf(value));
    Object.values(value).forEach(visit);
  };
  visit(program);
  return { references, environmentLines, opaqueLines };
};
