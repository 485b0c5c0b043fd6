import { BardcastError } from "../../core/errors.ts";
import { BUILT_IN_BEDS, BUILT_IN_HITS } from "../../core/protocol/sounds.ts";

/** Characters of a name: as a file's it has room in any file system. */
const MAX_CHARS = 48;
const EXTENSION = /\.(?:mp3|ogg|oga|opus|wav|flac)$/iu;
/** Names that Windows keeps for its devices. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)$/iu;
/** What a name is made of: nothing that a path, a shell or a page could take for more than a letter. */
const OTHERS = /[^\p{L}\p{M}\p{N} _-]+/gu;

/** Files that may be sounds; hidden ones are not. */
export function isSoundFile(file: string): boolean {
  return EXTENSION.test(file) && !/^\.|[/\\]/u.test(file);
}

/** What a file is called at the table. */
export function nameOfFile(file: string): string {
  return file.normalize("NFC").replace(EXTENSION, "");
}

/**
 * The name of a file that somebody gives, made of letters, digits, spaces, `-` and `_`.
 * @throws BardcastError `bad-request` where nothing of it is left, `exists` where a built-in sound has it
 */
export function soundName(given: string): string {
  const clean = nameOfFile(given).replace(OTHERS, " ").replace(/\s+/gu, " ").trim();
  const name = [...clean].slice(0, MAX_CHARS).join("").trim();
  if (name === "" || DEVICE.test(name))
    throw new BardcastError(
      "bad-request",
      "name: letters and digits, and no name that a system keeps for itself",
    );
  if (isBuiltIn(name)) throw new BardcastError("exists", `"${name}" is built in: give this one another name`);
  return name;
}

export function isBuiltIn(name: string): boolean {
  return [...BUILT_IN_BEDS, ...BUILT_IN_HITS].some((builtIn) => isSameName(builtIn, name));
}

export function isSameName(one: string, other: string): boolean {
  return one.normalize("NFC").toLowerCase() === other.normalize("NFC").toLowerCase();
}
