export const LIGHTS = ["device", "night", "day", "strong"] as const;
export type Light = (typeof LIGHTS)[number];

/** What the style sheet asks of the device for its colours by day. */
const BY_DAY = "(prefers-color-scheme: light)";
/** The condition instead, where somebody has chosen. */
const CONDITION: Readonly<Record<Light, string>> = {
  device: BY_DAY,
  night: "not all",
  day: "all",
  strong: "not all",
};

/** By night and by day, as the device has it or as somebody chooses; with `strong`, by night and stronger. */
export class PageLight {
  readonly #byDay = [...document.styleSheets]
    .flatMap(({ cssRules }) => [...cssRules])
    .filter((rule) => rule instanceof CSSMediaRule)
    .filter(({ media }) => media.mediaText === BY_DAY);
  readonly #bar = document.querySelector<HTMLMetaElement>('meta[name="theme-color"]');

  #light: Light | undefined;

  constructor() {
    matchMedia(BY_DAY).addEventListener("change", () => this.#colourBar());
  }

  set(light: Light): void {
    if (light === this.#light) return;
    this.#light = light;
    for (const { media } of this.#byDay) media.mediaText = CONDITION[light];
    document.documentElement.dataset.contrast = light === "strong" ? "strong" : "";
    this.#colourBar();
  }

  /** The browser's own bar is the page's continuation. */
  #colourBar(): void {
    if (this.#bar) this.#bar.content = getComputedStyle(document.documentElement).backgroundColor;
  }
}
