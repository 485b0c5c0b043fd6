/** ms after which a browser has begun to save. */
const SAVED_MS = 60_000;

/** Gives the browser a file to save. */
export function saveFile(name: string, parts: readonly BlobPart[], type: string): void {
  const url = URL.createObjectURL(new Blob([...parts], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), SAVED_MS);
}

/** A file's name of words: no more than letters, digits and strokes. */
export function fileName(words: string, ending: string): string {
  const name = words.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/gu, "");
  return `${name.slice(0, 60) || "bardcast"}.${ending}`;
}
