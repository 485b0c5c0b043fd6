/** Bytes of text that are read for what a service says. */
export const MAX_WORDS_BYTES: number = 16 * 1024;

/** What a service says in an answer that is no sound: the message in its JSON, or its text; nothing of a page. */
export function wordsIn(text: string, type: string): string {
  if (/html|xml/i.test(type) || /^\s*</.test(text)) return "";
  return (messageIn(text) ?? text).replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
}

function messageIn(text: string): string | undefined {
  try {
    return messageOf(JSON.parse(text), 3);
  } catch {
    return undefined;
  }
}

/** The message in what a service wrote, and which field it is about, where it says so. */
function messageOf(value: unknown, depth: number): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null || depth === 0) return undefined;
  if (Array.isArray(value)) return messageOf(value[0], depth);
  const { message, msg, err_msg, detail, error, title, param, loc } = value as Record<string, unknown>;
  const words = messageOf(message ?? msg ?? err_msg ?? detail ?? error ?? title, depth - 1);
  const field = param ?? (Array.isArray(loc) ? loc.at(-1) : undefined);
  return words !== undefined && typeof field === "string" ? `${field}: ${words}` : words;
}
