import { MAX_LINK_CHARS } from "./links.ts";

/** What stands between `<` and `>`. */
export type Angled =
  /** A comment begins. */
  | { is: "comment" }
  /** The address of a link, or of mail. */
  | { is: "link" | "mail"; length: number; address: string }
  /**
   * A tag of HTML. @member breaks whether what stands on either side of it is parted, as by `<br>`
   * @member said what is said for it: what a picture shows, and `^` before an exponent
   */
  | { is: "tag"; length: number; breaks: boolean; said: string };

const LINK = /<([a-z][a-z\d+.-]{1,31}:[^\s<>]{0,600})>/iy;
const MAIL = /<([^\s<>@]{1,64}@[^\s<>@]{1,255})>/y;
/** Elements that stand on lines of their own, and those within a line. */
const BLOCKS =
  "p|div|br|hr|li|ul|ol|dl|dt|dd|tr|td|th|table|thead|tbody|tfoot|caption|h[1-6]|blockquote|pre|center|section|article|aside|header|footer|nav|main|details|summary|figure|figcaption";
const INLINES =
  "a|abbr|b|bdi|bdo|big|cite|code|del|dfn|em|font|i|img|ins|kbd|mark|q|rp|rt|ruby|s|samp|small|span|strike|strong|sub|sup|time|tt|u|var|wbr";
/** Without a value it could be a word: `a<b and c>d`. */
const ATTRIBUTE = `\\s+[\\w:.@-]+\\s*=\\s*(?:"[^"<>\\n]*"|'[^'<>\\n]*'|[^\\s"'=<>]+)`;
const TAG = new RegExp(`^<(/?)(?:(${BLOCKS})|(${INLINES}))(?:${ATTRIBUTE}){0,16}\\s*/?>`, "i");
const ALT = /\salt\s*=\s*(?:"([^"]*)"|'([^']*)')/i;
/** What may become one of these. */
const BEGUN = new RegExp(`^<(?:![-]{0,2}|[^\\s<>]{0,600}|/?(?:${BLOCKS}|${INLINES})\\s[^<>\\n]*)$`, "i");

/** What begins with the `<` at `at`. `wait`: it may become something; undefined: it is a sign. */
export function angledAt(text: string, at: number, isOver: boolean): Angled | "wait" | undefined {
  if (text.startsWith("<!--", at)) return { is: "comment" };
  for (const [is, pattern] of [
    ["link", LINK],
    ["mail", MAIL],
  ] as const) {
    pattern.lastIndex = at;
    const [written, address] = pattern.exec(text) ?? [];
    if (written !== undefined && address !== undefined) return { is, length: written.length, address };
  }
  const rest = text.slice(at, at + MAX_LINK_CHARS);
  const [tag, slash, block, inline = ""] = TAG.exec(rest) ?? [];
  if (tag !== undefined) {
    const [, double, single] = /^img$/i.test(inline) ? (ALT.exec(tag) ?? []) : [];
    const isRaised = /^sup$/i.test(inline) && slash === "";
    if (isRaised && rest === tag && !isOver) return "wait";
    const isExponent = isRaised && /^\d/.test(rest.slice(tag.length));
    const said = isExponent ? "^" : (double ?? single ?? "");
    return { is: "tag", length: tag.length, breaks: block !== undefined, said };
  }
  return !isOver && rest.length < MAX_LINK_CHARS && BEGUN.test(rest) ? "wait" : undefined;
}
