/**
 * All that the command line shows goes through here: a name, a path or an error may come from a file, an archive or a
 * service, and is shown as what it is.
 * @module
 */
import { printable } from "../core/text/printable.ts";

/** Characters that JSON does not escape but terminals obey. */
const HIDDEN = /[\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** Shows one line, whatever is in it. */
export function say(line: string): void {
  console.log(printable(line));
}

/** Shows one line to the operator, apart from what the command gives. */
export function warn(line: string): void {
  toOperator(printable(line));
}

/** The same, of a line that is JSON, and so is spelled already; what hides or turns writing is spelled as well. */
export function warnJson(json: string): void {
  toOperator(shown(json));
}

/** Shows what scripts read, as one line of JSON; it is never cut short, as a line for people is. */
export function sayJson(value: unknown): void {
  console.log(shown(JSON.stringify(value)));
}

/** Shows several lines of our own, as a text of help or a QR code is. */
export function sayLines(text: string): void {
  for (const line of text.split("\n")) say(line);
}

/** The same, to the operator. */
export function warnLines(text: string): void {
  for (const line of text.split("\n")) warn(line);
}

function shown(json: string): string {
  return json.replace(HIDDEN, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function toOperator(line: string): void {
  console.error(line);
}
