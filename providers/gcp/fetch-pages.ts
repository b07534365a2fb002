import { invalidResponse } from './fetch-error.js';
import { isObject, type Json } from './records/recorded-answer.js';

/** Asks for the page that a token names, the first one without a token. */
export type SendPage = (token: string | undefined) => Promise<Json>;

/**
 * Asks for one page after another until the service names no further one, and returns them as one answer. A page may be empty
 * and still have a successor, however many of them there are: the SDK's own iterators stop after eleven.
 * @throws CallFailure when a token comes twice, or a page does not hold what was asked for
 */
export async function allPages(result: string | undefined, send: SendPage): Promise<Json> {
  const tokens = new Set<unknown>();
  let whole: Json | undefined;
  for (let token: string | undefined; ; tokens.add(token)) {
    const { nextPageToken, ...page } = await send(token);
    if (result === undefined) return page;
    whole = whole === undefined ? page : joined(whole, page, result);
    if (nextPageToken === undefined || nextPageToken === '') return whole;
    if (typeof nextPageToken !== 'string') throw invalidResponse('the page token is no text');
    if (tokens.has(nextPageToken)) throw invalidResponse('pagination does not advance: a page token came twice');
    token = nextPageToken;
  }
}

/** Both pages as one: nothing that either says of missing parts is lost. */
function joined(before: Json, after: Json, result: string): Json {
  const items = joinedRecords(before[result], after[result]);
  const unreachables = [...new Set([...listOf(before.unreachables), ...listOf(after.unreachables)])];
  const warning = joinedWarnings(before.warning, after.warning);
  return {
    ...before,
    ...after,
    ...(items !== undefined && { [result]: items }),
    ...(unreachables.length > 0 && { unreachables }),
    ...(warning !== undefined && { warning }),
  };
}

/** Lists, or scopes with a list in each. */
function joinedRecords(before: unknown, after: unknown): unknown {
  if (before === undefined || after === undefined) return before ?? after;
  if (Array.isArray(before) && Array.isArray(after)) return [...before, ...after];
  if (!isObject(before) || !isObject(after)) throw invalidResponse('the pages of the answer are not of one kind');
  const scopes: Record<string, unknown> = { ...before };
  for (const [scope, part] of Object.entries(after)) scopes[scope] = joinedScopes(scopes[scope], part);
  return scopes;
}

/** That a page has nothing of a scope is no news when another has. */
function joinedScopes(before: unknown, after: unknown): unknown {
  if (!isObject(before) || !isObject(after)) return before ?? after;
  const { warning: one, ...old } = before;
  const { warning: other, ...joint } = after;
  const lists: Record<string, unknown> = { ...old };
  for (const [name, list] of Object.entries(joint)) lists[name] = [...listOf(lists[name]), ...listOf(list)];
  const warning = joinedWarnings(one, other);
  const isNews = warning !== undefined && ((isObject(warning) && isLosing(warning)) || Object.keys(lists).length === 0);
  return { ...lists, ...(isNews && { warning }) };
}

/** One warning with the data of both; that of a loss stands before any other. */
function joinedWarnings(before: unknown, after: unknown): unknown {
  if (!isObject(before) || !isObject(after)) return before ?? after;
  const [first, second] = !isLosing(before) && isLosing(after) ? [after, before] : [before, after];
  const more = isLosing(second) || first.code === second.code ? listOf(second.data) : [];
  return { ...first, data: [...listOf(first.data), ...more] };
}

/** Everything but that a page has nothing of a scope. */
function isLosing(warning: Json): boolean {
  return warning.code !== 'NO_RESULTS_ON_PAGE';
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
