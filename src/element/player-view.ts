import type { PlayerState } from "../client/index.ts";
import { CaptionList } from "./caption-list.ts";
import { STYLES } from "./styles.ts";

/** How a listener stands, in words. */
export interface Standing {
  words: string;
  sound: PlayerState;
  muted: boolean;
  volume: number;
}

/** What a listener may do. */
export interface Handlers {
  listen(): void;
  mute(): void;
  setVolume(volume: number): void;
}

/** What is seen of the element: captions, how things stand, a button for the sound, and how loud it is. */
export class PlayerView {
  readonly captions: CaptionList;
  readonly #status: HTMLElement;
  readonly #listen: HTMLButtonElement;
  readonly #mute: HTMLButtonElement;
  readonly #volume: HTMLInputElement;

  constructor(root: ShadowRoot, handlers: Handlers) {
    // A page's policy may forbid styles in its text, not those that a script makes.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    root.adoptedStyleSheets = [sheet];
    const player = made("section", "player", { ariaLabel: "What is said at the table" });
    const list = made("div", "captions", { role: "log", tabIndex: 0, ariaLabel: "Captions" });
    const controls = made("div", "controls");
    this.#status = made("p", "status", { role: "status" });
    this.#listen = made("button", "listen", { type: "button", textContent: "Listen" });
    this.#mute = made("button", "mute", { type: "button", textContent: "Mute" });
    const range = { type: "range", min: "0", max: "1", step: "0.05", ariaLabel: "Volume" };
    this.#volume = made("input", "volume", range);
    this.#listen.onclick = () => handlers.listen();
    this.#mute.onclick = () => handlers.mute();
    this.#volume.oninput = () => handlers.setVolume(Number(this.#volume.value));
    controls.append(this.#listen, this.#mute, this.#volume, this.#status);
    player.append(list, controls);
    root.append(player);
    this.captions = new CaptionList(list);
  }

  show({ words, sound, muted, volume }: Standing): void {
    // Said again, it would be read out again.
    if (this.#status.textContent !== words) this.#status.textContent = words;
    const isOn = sound === "running";
    const hadFocus = (this.#listen.getRootNode() as ShadowRoot).activeElement === this.#listen;
    this.#listen.hidden = isOn;
    this.#mute.hidden = this.#volume.hidden = !isOn;
    if (isOn && hadFocus) this.#mute.focus();
    this.#mute.ariaPressed = String(muted);
    this.#volume.value = String(volume);
  }
}

function made<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  part: string,
  properties: Partial<HTMLElementTagNameMap[Tag]> = {},
): HTMLElementTagNameMap[Tag] {
  const element = Object.assign(document.createElement(tag), properties);
  element.part.add(part);
  return element;
}
