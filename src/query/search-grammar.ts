import { AppError } from '../errors/app-error.ts';
import { analyseQueryRun, type QueryTerm } from '../lib/text/analyse.ts';
import { isUnspacedTerm } from '../lib/text/scripts.ts';
import { isSearchField } from './search-fields.ts';
import { type QueryToken, tokensOf } from './search-tokens.ts';

/** One thing that must occur: a word (or what is written like one) or a quoted phrase. */
export interface SearchClause {
  readonly kind: 'word' | 'phrase';
  /** As it was written, for notes. */
  readonly text: string;
  readonly terms: readonly QueryTerm[];
}

/** `name:value`; one of the values is enough. */
export interface FieldClause {
  readonly kind: 'field';
  /** Lower case; of a custom attribute `attr.` and its name. */
  readonly name: string;
  readonly values: readonly string[];
}

/** What a conversation must be like. */
export type QueryNode =
  | SearchClause
  | FieldClause
  | { readonly kind: 'and' | 'or'; readonly nodes: readonly QueryNode[] }
  | { readonly kind: 'not'; readonly node: QueryNode };

/** A query: all of these nodes hold. */
export interface ParsedQuery {
  readonly nodes: readonly QueryNode[];
}

/** Longest query taken, in characters. */
export const MAX_QUERY_LENGTH = 10_000;
/** Most clauses of one query; more make no search narrower. */
const MAX_CLAUSES = 64;
/** Most terms of all clauses together: of a pasted page a piece is enough, and each term of a phrase is looked up. */
const MAX_TERMS = 512;
/** Parentheses in parentheses; nobody writes more. */
const MAX_DEPTH = 8;

const invalid = (message: string): AppError => new AppError('QUERY_INVALID', message);

/** Nothing where no letter or digit is left. */
const textClause = (kind: 'word' | 'phrase', text: string): SearchClause | undefined => {
  const isPrefix = kind === 'word' && /[\p{L}\p{N}\p{M}]\*$/u.test(text);
  const terms = analyseQueryRun(isPrefix ? text.slice(0, -1) : text);
  const last = terms.at(-1);
  if (last === undefined) return undefined;
  const opened =
    isPrefix && !isUnspacedTerm(last.term) ? [...terms.slice(0, -1), { ...last, prefix: true }] : terms;
  return { kind, text: kind === 'phrase' ? `"${text}"` : text, terms: opened };
};

const negated = (node: QueryNode | undefined): QueryNode | undefined =>
  node === undefined ? undefined : { kind: 'not', node };

/** One node of several; undefined of none. */
const joined = (kind: 'and' | 'or', nodes: readonly QueryNode[]): QueryNode | undefined =>
  nodes.length > 1 ? { kind, nodes } : nodes[0];

/** Reads tokens into nodes. `OR` binds its two neighbours, everything else stands beside each other and must hold. */
class Reader {
  readonly #tokens: readonly QueryToken[];
  #at = 0;
  #clauses = 0;
  #terms = 0;

  constructor(tokens: readonly QueryToken[]) {
    this.#tokens = tokens;
  }

  /** Nodes up to the end, or to the closing parenthesis of this group. */
  group(depth: number): QueryNode[] {
    if (depth > MAX_DEPTH) throw invalid(`Parentheses may stand in each other ${MAX_DEPTH} deep at most.`);
    const nodes: QueryNode[] = [];
    let alternatives: QueryNode[] | undefined;
    for (let token = this.#tokens[this.#at]; token !== undefined; token = this.#tokens[this.#at]) {
      if (token.kind === 'close') {
        if (depth > 0) break;
        // One too many: punctuation.
        this.#at += 1;
        continue;
      }
      if (token.kind === 'or') {
        this.#at += 1;
        const before = nodes.pop();
        if (before !== undefined) alternatives = before.kind === 'or' ? [...before.nodes] : [before];
        continue;
      }
      const node = this.#node(token, depth);
      if (node === undefined) continue;
      if (alternatives === undefined) nodes.push(node);
      else nodes.push({ kind: 'or', nodes: [...alternatives, node] });
      alternatives = undefined;
    }
    // An `OR` with nothing behind it.
    if (alternatives !== undefined) nodes.push(joined('or', alternatives) as QueryNode);
    return nodes;
  }

  #node(token: QueryToken, depth: number): QueryNode | undefined {
    this.#at += 1;
    switch (token.kind) {
      case 'not': {
        const next = this.#tokens[this.#at];
        if (next === undefined || next.kind === 'or' || next.kind === 'close') return undefined;
        return negated(this.#node(next, depth));
      }
      case 'open': {
        const node = joined('and', this.group(depth + 1));
        if (this.#tokens[this.#at]?.kind === 'close') this.#at += 1;
        return token.minus ? negated(node) : node;
      }
      case 'field':
        this.#count();
        if (token.values.every((value) => value === ''))
          throw invalid(`${token.name}: has no value; write it without a space, like ${token.name}:value.`);
        return this.#signed(token.minus, { kind: 'field', name: token.name, values: token.values });
      case 'word':
      case 'phrase':
        return this.#signed(token.minus, this.#text(token.kind, token.text));
      default:
        return undefined;
    }
  }

  #text(kind: 'word' | 'phrase', text: string): SearchClause | undefined {
    const clause = textClause(kind, text);
    this.#terms += clause?.terms.length ?? 0;
    if (this.#terms > MAX_TERMS)
      throw invalid(
        `The query is too long to be looked up whole; search for a piece of at most ${MAX_TERMS} words or characters.`,
      );
    return clause;
  }

  #signed(minus: boolean, node: QueryNode | undefined): QueryNode | undefined {
    if (node === undefined) return undefined;
    this.#count();
    return minus ? negated(node) : node;
  }

  #count(): void {
    this.#clauses += 1;
    if (this.#clauses > MAX_CLAUSES)
      throw invalid(`The query has more than ${MAX_CLAUSES} words; at most ${MAX_CLAUSES} are allowed.`);
  }
}

/** Every clause of text that must occur, wherever it stands: not what is excluded. */
export const wantedClauses = (nodes: readonly QueryNode[]): SearchClause[] =>
  nodes.flatMap((node) => {
    if (node.kind === 'and' || node.kind === 'or') return wantedClauses(node.nodes);
    return node.kind === 'word' || node.kind === 'phrase' ? [node] : [];
  });

/** A word or phrase. */
export const isText = (node: QueryNode): node is SearchClause =>
  node.kind === 'word' || node.kind === 'phrase';

/**
 * Text in a script without spaces is often cut out of a message, and the cut may go through a number or a foreign word:
 * one that stands at the very end is looked up as the beginning of a word.
 */
const openEnd = (nodes: readonly QueryNode[]): readonly QueryNode[] => {
  const last = nodes.at(-1);
  if (last === undefined || !isText(last)) return nodes;
  const word = last.terms.at(-1);
  if (word === undefined || isUnspacedTerm(word.term)) return nodes;
  const isCutText = nodes.some((node) => isText(node) && node.terms.some(({ term }) => isUnspacedTerm(term)));
  if (!isCutText) return nodes;
  const opened = { ...last, terms: [...last.terms.slice(0, -1), { ...word, prefix: true }] };
  return [...nodes.slice(0, -1), opened];
};

/**
 * Words, "phrases", `-not`, `OR`, `prefix*`, parentheses and fields. What stands without a space between (`foo@bar.com`,
 * `2.6.8`, a run of Chinese) is looked up as it is written: its pieces one after the other.
 * @throws AppError QUERY_EMPTY when nothing can be looked up, QUERY_INVALID when it is too long or a field has no value
 */
export const parseQuery = (query: string): ParsedQuery => {
  if (query.length > MAX_QUERY_LENGTH)
    throw invalid(`The query has ${query.length} characters; at most ${MAX_QUERY_LENGTH} are allowed.`);
  const nodes = new Reader(tokensOf(query, isSearchField)).group(0);
  if (nodes.length === 0) throw new AppError('QUERY_EMPTY');
  return { nodes: openEnd(nodes) };
};
