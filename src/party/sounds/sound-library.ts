import { within } from "../../core/async/abortable.ts";
import { BardcastError, messageOf } from "../../core/errors.ts";
import { randomId } from "../../core/id.ts";
import { syncFolderOf } from "../../voices/files.ts";
import { storeLimit } from "../../voices/text-store.ts";
import { inspectSound, MAX_SOUND_BYTES, SOUND_TYPES, type SoundFormat } from "./inspect-sound.ts";
import { isSameName, isSoundFile, nameOfFile, soundName } from "./sound-name.ts";

/** Files of one campaign. */
export const MAX_SOUNDS = 200;
/** Bytes read at once for somebody who fetches a file. */
const PIECE_BYTES = 64 * 1024;
const OWN_MODE = 0o600;
const HALF_WRITTEN = /^\.[0-9a-f]{8}\.tmp$/;

/** A file that is played. */
export interface SoundFile {
  /** SHA-256 of its bytes, in hex. */
  id: string;
  name: string;
  format: SoundFormat;
  bytes: number;
  seconds: number;
}

/** A file in the folder that is not played. */
export interface RefusedFile {
  name: string;
  why: string;
}

/** What was found in a file, as long as it is the same. */
type Found = { stamp: string; file: string } & ({ sound: SoundFile } | { refused: RefusedFile });

/** The files of sound in a campaign's folder. What is dropped there is found the next time that somebody looks. */
export class SoundLibrary {
  readonly #folder: string | undefined;
  readonly #guard: () => Promise<unknown>;
  #found: readonly Found[] = [];
  #isTidy = false;
  /** One after the other: each sees what the one before has done. */
  #work: Promise<unknown> = Promise.resolve();

  /**
   * @param folder undefined: the table has none, and keeps no files
   * @param guard rejects where this process may not write there
   */
  constructor(folder: string | undefined, guard: () => Promise<unknown>) {
    this.#folder = folder;
    this.#guard = guard;
  }

  /** What is there now: by name. */
  list(): Promise<{ sounds: readonly SoundFile[]; refused: readonly RefusedFile[] }> {
    return this.#inTurn(async () => {
      await this.#look();
      return {
        sounds: this.#found.flatMap((found) => ("sound" in found ? [found.sound] : [])),
        refused: this.#found.flatMap((found) => ("refused" in found ? [found.refused] : [])),
      };
    });
  }

  /** The sounds that were found when somebody looked last. */
  get known(): readonly SoundFile[] {
    return this.#found.flatMap((found) => ("sound" in found ? [found.sound] : []));
  }

  /** By id, or by name whatever its case. */
  async find(idOrName: string): Promise<SoundFile | undefined> {
    const { sounds } = await this.list();
    return sounds.find(({ id }) => id === idOrName) ?? sounds.find(({ name }) => isSameName(name, idOrName));
  }

  /**
   * Keeps a file; the same bytes once more are the file that is there.
   * @param name cleaned; see `soundName`
   * @throws BardcastError `bad-request` where it is no sound that is played here, `exists` where another has the name,
   * `busy` where there are too many, `not-found` where there is no folder, `internal` where it cannot be kept
   */
  add(name: string, bytes: Uint8Array): Promise<{ sound: SoundFile; isNew: boolean }> {
    return this.#inTurn(async () => {
      const folder = this.#required;
      const clean = soundName(name);
      const { format } = inspectSound(bytes);
      const id = await hashOf(bytes);
      await this.#look();
      const same = this.known.find((sound) => sound.id === id);
      if (same) return { sound: same, isNew: false };
      if (this.#found.some(({ file }) => isSameName(nameOfFile(file), clean)))
        throw new BardcastError(
          "exists",
          `there is another sound called "${clean}": remove it, or give this one another name`,
        );
      if (this.#found.length >= MAX_SOUNDS)
        throw new BardcastError("busy", `a campaign has ${MAX_SOUNDS} sounds at most: remove one first`);
      await this.#write(folder, `${clean}.${format}`, bytes);
      await this.#look();
      const sound = this.known.find((each) => each.id === id);
      if (!sound) throw new BardcastError("internal", `${clean} was written, and is not there`);
      return { sound, isNew: true };
    });
  }

  /** @throws BardcastError `not-found`, `internal` where it cannot be removed */
  remove(id: string): Promise<void> {
    return this.#inTurn(async () => {
      await this.#look();
      const file = this.#fileOf(id);
      await this.#guard();
      await attempt(file, () => fileSystem().rm(`${this.#required}/${file}`, { force: true }));
      this.#found = this.#found.filter((found) => found.file !== file);
    });
  }

  /**
   * The bytes of a file from one place to another, read as they are taken: a file that nobody takes is not opened.
   * @throws BardcastError `not-found` where there is none, or it is another one by now
   */
  async read(id: string, from: number, to: number): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const file = this.#fileOf(id);
    const path = `${this.#required}/${file}`;
    const stamp = this.#found.find((found) => found.file === file)?.stamp;
    const stat = await fileSystem()
      .lstat(path)
      .catch(() => undefined);
    if (!stat || stampOf(stat) !== stamp)
      throw new BardcastError("not-found", `${file} is another file by now: look again`);
    return piecesOf(path, from, to);
  }

  get #required(): string {
    if (this.#folder !== undefined) return this.#folder;
    throw new BardcastError(
      "not-found",
      "this table has no campaign folder, so it keeps no sounds: serve it with --campaign",
    );
  }

  #fileOf(id: string): string {
    const found = this.#found.find((each) => "sound" in each && each.sound.id === id);
    if (found) return found.file;
    throw new BardcastError(
      "not-found",
      `there is no sound ${id.slice(0, 80)} here; GET /api/sounds lists them`,
    );
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#work.then(work);
    this.#work = done.catch(() => undefined);
    // A disk that does not answer keeps nobody waiting.
    return this.#folder === undefined ? done : within(done, storeLimit({ name: this.#folder }));
  }

  async #look(): Promise<void> {
    const folder = this.#folder;
    if (folder === undefined) return;
    const fs = fileSystem();
    const names = await fs.readdir(folder).catch((): string[] => []);
    await this.#tidy(folder, names);
    const files = names.filter(isSoundFile).sort((a, b) => (a < b ? -1 : 1));
    const found: Found[] = [];
    for (const [index, file] of files.entries()) {
      const stat = await fs.lstat(`${folder}/${file}`).catch(() => undefined);
      if (!stat) continue;
      const stamp = stampOf(stat);
      const before = this.#found.find((each) => each.file === file && each.stamp === stamp);
      if (index >= MAX_SOUNDS) found.push(no(file, stamp, `a campaign has ${MAX_SOUNDS} sounds at most`));
      else if (!stat.isFile()) found.push(no(file, stamp, "it is no file of its own"));
      else if (stat.size > MAX_SOUND_BYTES)
        found.push(no(file, stamp, `it is larger than ${MAX_SOUND_BYTES / 2 ** 20} MiB`));
      else found.push(before ?? (await look(`${folder}/${file}`, file, stamp)));
      if (found.length >= 2 * MAX_SOUNDS) break;
    }
    this.#found = found;
  }

  /** What a process that was killed left half written. */
  async #tidy(folder: string, names: readonly string[]): Promise<void> {
    if (this.#isTidy) return;
    this.#isTidy = true;
    const left = names.filter((name) => HALF_WRITTEN.test(name));
    const mayWrite =
      left.length > 0 &&
      (await this.#guard().then(
        () => true,
        () => false,
      ));
    if (mayWrite)
      for (const name of left)
        await fileSystem()
          .rm(`${folder}/${name}`, { force: true })
          .catch(() => undefined);
  }

  async #write(folder: string, file: string, bytes: Uint8Array): Promise<void> {
    const fs = fileSystem();
    const beside = `${folder}/.${randomId().slice(0, 8)}.tmp`;
    await this.#guard();
    await attempt(file, async () => {
      try {
        await fs.mkdir(folder, { recursive: true, mode: 0o700 });
        await fs.writeFile(beside, bytes, { mode: OWN_MODE, flag: "wx", flush: true });
        await fs.rename(beside, `${folder}/${file}`);
        await syncFolderOf(`${folder}/${file}`, fs);
      } catch (error) {
        await fs.rm(beside, { force: true }).catch(() => undefined);
        throw error;
      }
    });
  }
}

function piecesOf(path: string, from: number, to: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  let handle: Awaited<ReturnType<ReturnType<typeof fileSystem>["open"]>> | undefined;
  let at = from;
  return new ReadableStream(
    {
      async pull(controller) {
        handle ??= await fileSystem().open(path, "r");
        const piece = new Uint8Array(Math.min(PIECE_BYTES, to - at));
        const { bytesRead } = await handle.read(piece, 0, piece.length, at);
        at += bytesRead;
        if (bytesRead > 0) controller.enqueue(piece.subarray(0, bytesRead));
        if (bytesRead > 0 && at < to) return;
        await handle.close();
        if (at < to) controller.error(new Error("the file is shorter than it was"));
        else controller.close();
      },
      cancel: () => handle?.close(),
    },
    { highWaterMark: 0 },
  );
}

async function look(path: string, file: string, stamp: string): Promise<Found> {
  try {
    const bytes = await fileSystem().readFile(path);
    const { format, seconds } = inspectSound(bytes);
    const sound = { id: await hashOf(bytes), name: nameOfFile(file), format, bytes: bytes.length, seconds };
    return { stamp, file, sound };
  } catch (error) {
    return no(file, stamp, messageOf(error));
  }
}

function no(file: string, stamp: string, why: string): Found {
  return { stamp, file, refused: { name: file, why } };
}

async function attempt<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new BardcastError("internal", `sounds/${file}: ${messageOf(error)}`, { cause: error });
  }
}

async function hashOf(bytes: Uint8Array): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function stampOf({ size, mtimeMs, ino }: { size: number; mtimeMs: number; ino: number }): string {
  return `${ino} ${size} ${mtimeMs}`;
}

/** @returns its type for who is asked for it */
export function typeOf({ format }: SoundFile): string {
  return SOUND_TYPES[format];
}

// Not imported, so that this bundles for places that have no files; the type comes with the call.
function fileSystem() {
  const fs = globalThis.process?.getBuiltinModule?.("fs/promises");
  if (!fs) throw new BardcastError("internal", "there is no file system here");
  return fs;
}
