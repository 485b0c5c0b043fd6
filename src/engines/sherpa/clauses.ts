/** A clause with its mark: commas and the like between words, with quotation marks and brackets behind them. */
const CLAUSE_END = /(?:(?<=\p{L})[,;:]|[…—–]|[.!?])["'”’»)\]]*\s+|[、，；：。！？]["'”’」』）]*/gu;
/** Letters of a clause at least: shorter ones are spoken with the next, as they have no melody of their own. */
const MIN_LETTERS = 12;
const LETTER = /[\p{L}\p{N}]/gu;

/** Cuts a sentence behind its marks; joined, the clauses are the sentence. */
export function clausesOf(text: string): string[] {
  const clauses: string[] = [];
  let from = 0;
  for (const { 0: mark, index } of text.matchAll(CLAUSE_END)) {
    const end = index + mark.length;
    if (isShort(text.slice(from, end)) || isShort(text.slice(end))) continue;
    clauses.push(text.slice(from, end));
    from = end;
  }
  return [...clauses, text.slice(from)];
}

function isShort(clause: string): boolean {
  return (clause.match(LETTER)?.length ?? 0) < MIN_LETTERS;
}
