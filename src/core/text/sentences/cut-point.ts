/** A sentence longer than this is cut at a clause, so that speech starts early and work stays bounded. */
export const MAX_SENTENCE_CHARS = 200;

/** Ends of clauses, where a breath is no surprise. */
const CLAUSES = [", ", "; ", ": ", "— ", "– ", "、", "，"];

/** Where to cut what is too long: the last end of a clause, else the last space, else the limit. */
export function cutPoint(text: string, limit: number): number {
  const head = text.slice(0, limit);
  const clause = Math.max(...CLAUSES.map((mark) => head.lastIndexOf(mark)));
  if (clause > limit / 3) return clause + 1;
  const space = head.lastIndexOf(" ");
  if (space > 0) return space;
  const last = head.charCodeAt(limit - 1);
  return last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit;
}

/** A text in pieces of at most `limit` characters, which are the text when joined. */
export function piecesOf(text: string, limit: number): string[] {
  const out: string[] = [];
  let rest = text;
  while (rest.length > limit) {
    const at = cutPoint(rest, limit);
    out.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  return [...out, rest];
}
