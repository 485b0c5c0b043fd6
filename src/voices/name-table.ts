import { nameKey } from "./registry-keys.ts";

/**
 * Things by name as people write names. Who is called exactly so comes first, then who is called so but for upper and
 * lower case, then the first who is called so but for spaces, hyphens and underscores.
 */
export class NameTable<T> {
  readonly #byName = new Map<string, T>();
  /** Names by what they are looked up by. */
  readonly #alike = new Map<string, string[]>();

  /** The name as it is written here. */
  find(name: string): string | undefined {
    const written = exact(name);
    if (this.#byName.has(written)) return written;
    const alike = this.#alike.get(nameKey(name)) ?? [];
    return alike.find((other) => other.toLowerCase() === written.toLowerCase()) ?? alike[0];
  }

  get(name: string): T | undefined {
    const found = this.find(name);
    return found === undefined ? undefined : this.#byName.get(found);
  }

  /** Under exactly this name. */
  set(name: string, value: T): void {
    const written = exact(name);
    if (!this.#byName.has(written)) {
      const alike = this.#alike.get(nameKey(name));
      if (alike) alike.push(written);
      else this.#alike.set(nameKey(name), [written]);
    }
    this.#byName.set(written, value);
  }

  /** Of exactly this name. */
  delete(name: string): void {
    const written = exact(name);
    const key = nameKey(name);
    this.#byName.delete(written);
    this.#alike.set(
      key,
      (this.#alike.get(key) ?? []).filter((other) => other !== written),
    );
  }

  names(): string[] {
    return [...this.#byName.keys()];
  }

  values(): T[] {
    return [...this.#byName.values()];
  }
}

function exact(name: string): string {
  return name.normalize("NFC").trim();
}
