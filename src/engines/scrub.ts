/** Shorter than this it is no secret, and replacing it would garble the text. */
const LEAST_LENGTH = 4;

/** The text without secrets, as they are or as they stand in a URL. */
export function scrub(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length < LEAST_LENGTH) continue;
    for (const spelled of [secret, encodeURIComponent(secret)]) clean = clean.replaceAll(spelled, "***");
  }
  return clean;
}
