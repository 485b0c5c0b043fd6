import { BardcastError } from "../core/errors.ts";
import type { CharacterInfo, CharacterList } from "../core/protocol/api.ts";
import type { Character } from "../voices/characters/character.ts";
import { shownColour, shownName } from "../voices/characters/character-sheet.ts";
import { nameKey } from "../voices/registry-keys.ts";
import { changeRegistry } from "./registry-change.ts";
import type { CastMemory, KeptSpeaker } from "./request/cast-memory.ts";
import type { RegistryShape } from "./shapes.ts";

/** Changes of one character that follow one another within so many ms are one step: a sheet is saved as one types. */
const ONE_STEP_MS = 10_000;

/** What a change can be taken back to. */
interface Step {
  /** Whose sheet was changed, and when last. */
  key: string;
  at: number;
  /** The file before the first change of the step. */
  text: string;
  /** Who was remembered before, and is not any more. */
  forgotten: readonly KeptSpeaker[];
  /** The file after the last one: where it is another by now, somebody else has changed it. */
  after: string;
}

/** Who may speak at a table: those of its file, and those who have spoken. */
export class Characters {
  readonly #registry: RegistryShape;
  readonly #memory: CastMemory;
  readonly #now: () => number;
  readonly #stopWatching: () => void;
  #step: Step | undefined;

  /** @param now a clock in ms */
  constructor(registry: RegistryShape, memory: CastMemory, now: () => number = () => performance.now()) {
    this.#registry = registry;
    this.#memory = memory;
    this.#now = now;
    this.#stopWatching = registry.watch();
  }

  list(): CharacterList {
    const written = this.#registry.listCharacters();
    const spoken = this.#memory.all.filter(({ name }) => !this.#registry.getCharacter(name));
    const { problem } = this.#registry;
    return {
      characters: [
        ...written.map((character) => this.#told(character, true)),
        ...spoken.map((known) => this.#told(asCharacter(known), false)),
      ],
      canUndo: this.#canUndo,
      ...(problem ? { problem: problem.message } : {}),
    };
  }

  /** @throws BardcastError `not-found` */
  get(id: string): CharacterInfo {
    const written = this.#registry.getCharacter(id);
    if (written) return this.#told(written, true);
    const known = this.#memory.all.find(({ name }) => nameKey(name) === nameKey(id));
    if (!known)
      throw new BardcastError("not-found", `nobody here is called ${id}, and nobody by that name has spoken`);
    return this.#told(asCharacter(known), false);
  }

  /**
   * Writes a sheet, new or anew, and resolves when it is saved; it holds from the next line on.
   * @throws InputError `bad-request`; BardcastError `registry-invalid`, `registry-unsaved`, and nothing has changed
   */
  async put(id: string, sheet: unknown): Promise<CharacterInfo> {
    let character: Character | undefined;
    await this.#change(id, () => {
      character = this.#registry.setCharacter(id, sheet);
    });
    return this.get(character?.id ?? id);
  }

  /**
   * Forgets a character, written or not, and resolves when that is saved.
   * @throws BardcastError `not-found`; as `put`
   */
  async remove(id: string): Promise<void> {
    this.get(id);
    await this.#change(id, () => {
      for (const name of [id, this.#registry.getCharacter(id)?.id ?? id]) this.#memory.forget(name);
      this.#registry.removeNpcVoice(id);
    });
  }

  /**
   * Takes the last change back, and resolves when that is saved.
   * @throws BardcastError `bad-request` where there is none; `registry-invalid`, `registry-unsaved`, and nothing has changed
   */
  async undo(): Promise<void> {
    const step = this.#step;
    await changeRegistry(this.#registry, () => {
      if (!step || !this.#canUndo) throw new BardcastError("bad-request", "there is no change to take back");
      this.#registry.use(step.text);
    });
    this.#memory.bringBack(step?.forgotten ?? []);
    if (this.#step === step) this.#step = undefined;
  }

  close(): void {
    this.#stopWatching();
  }

  get #canUndo(): boolean {
    return this.#step !== undefined && this.#step.after === this.#registry.text;
  }

  async #change(id: string, change: () => void): Promise<void> {
    let forgotten: readonly KeptSpeaker[] = [];
    const changed = changeRegistry(this.#registry, () => {
      const { kept } = this.#memory;
      change();
      const left = new Set(this.#memory.kept.map(([key]) => key));
      forgotten = kept.filter(([key]) => !left.has(key));
    });
    const { before: text, after } = await changed.catch((error) => {
      this.#memory.bringBack(forgotten);
      throw error;
    });
    const [key, at] = [nameKey(id), this.#now()];
    const last = this.#step;
    const isSameStep = last?.key === key && last.after === text && at - last.at < ONE_STEP_MS;
    if (isSameStep) forgotten = [...last.forgotten, ...forgotten];
    this.#step = { text: isSameStep ? last.text : text, forgotten, key, at, after };
  }

  #told({ id, sheet, given }: Character, isWritten: boolean): CharacterInfo {
    const { race, gender, say, notes } = sheet;
    const registry = this.#registry;
    const traits = { ...this.#memory.traitsOf(id), ...(isWritten ? {} : { race, gender }) };
    const speaksWith = registry.getCastVoice(id, traits) ?? registry.getNpcVoice(id, traits);
    return {
      id,
      name: shownName(id, sheet),
      colour: shownColour(id, sheet),
      race,
      gender,
      say,
      notes,
      ...(Object.keys(given).length > 0 ? { voice: given } : {}),
      isWritten,
      speaksWith,
    };
  }
}

function asCharacter({ name, race, gender }: CastMemory["all"][number]): Character {
  return { id: name, sheet: { race, gender }, given: {}, own: undefined };
}
