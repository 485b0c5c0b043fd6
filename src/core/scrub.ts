import { cleanText } from "./clean-text.ts";

/** Shorter than this it is no secret, and replacing it would garble the text. */
const LEAST_LENGTH = 4;

/** The text without secrets, as they are or as they stand in a URL. Never throws. */
export function scrub(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length < LEAST_LENGTH) continue;
    // Half a character has no place in a URL, which would be an error.
    const known = cleanText(secret);
    for (const spelled of [secret, known, encodeURIComponent(known)])
      clean = clean.replaceAll(spelled, "***");
  }
  return clean;
}
