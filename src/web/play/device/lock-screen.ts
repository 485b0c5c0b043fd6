/** What a phone shows of this page while its screen is locked. */
export interface OnLockScreen {
  /** Who speaks, or what the table waits for. */
  title: string;
  /** Whose page it is. */
  artist: string;
  isSilent: boolean;
}

/** The lock screen, and the buttons of headphones: who speaks, silence and sound. */
export class LockScreen {
  readonly #session = "mediaSession" in navigator ? navigator.mediaSession : undefined;
  #shown = "";

  /** @param onSilent called where somebody asks for silence there, or for sound again */
  constructor(onSilent: (isSilent: boolean) => void) {
    this.#session?.setActionHandler("play", () => onSilent(false));
    this.#session?.setActionHandler("pause", () => onSilent(true));
  }

  show(now: OnLockScreen): void {
    const { title, artist, isSilent } = now;
    const shown = JSON.stringify(now);
    if (!this.#session || shown === this.#shown) return;
    this.#shown = shown;
    const src = new URL("assets/icon-512.png", document.baseURI).href;
    const artwork = [{ src, sizes: "512x512", type: "image/png" }];
    this.#session.metadata = new MediaMetadata({ title, artist, album: "Bardcast", artwork });
    this.#session.playbackState = isSilent ? "paused" : "playing";
  }
}
