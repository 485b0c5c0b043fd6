import { FIRST_SETTINGS, type TableSettings } from "../core/protocol/table-settings.ts";

/** Some of the settings. */
export type SomeSettings = { [Name in keyof TableSettings]?: TableSettings[Name] | undefined };

/** What the DM has chosen for the whole table, from the next line on. */
export class Settings {
  #chosen: SomeSettings;
  readonly #first: TableSettings;
  readonly #onChange: ((chosen: SomeSettings) => void) | undefined;

  /**
   * @param options.first where nothing was chosen
   * @param options.chosen at the table, before this process began
   * @param options.onChange gets all that was chosen
   */
  constructor(
    options: {
      first?: SomeSettings | undefined;
      chosen?: SomeSettings | undefined;
      onChange?: (chosen: SomeSettings) => void;
    } = {},
  ) {
    this.#first = { ...FIRST_SETTINGS, ...defined(options.first ?? {}) };
    this.#chosen = defined(options.chosen ?? {});
    this.#onChange = options.onChange;
  }

  get all(): TableSettings {
    return { ...this.#first, ...defined(this.#chosen) };
  }

  choose(some: SomeSettings): void {
    this.#chosen = { ...this.#chosen, ...defined(some) };
    this.#onChange?.(this.#chosen);
  }
}

function defined(some: SomeSettings): Partial<TableSettings> {
  return Object.fromEntries(Object.entries(some).filter(([, value]) => value !== undefined));
}
