import type { Place } from "../../shared/place.ts";

/** Chromium's: it may put the page on the home screen. */
interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}

/** The page on a home screen: a manifest that opens this player's own, and a worker that keeps what every page needs. */
export class Install {
  readonly #place: Place;
  #prompt: InstallPrompt | undefined;
  #isReady = false;

  constructor(place: Place) {
    this.#place = place;
    addEventListener("beforeinstallprompt", (event) => {
      event.preventDefault();
      this.#prompt = event as InstallPrompt;
    });
  }

  /** Whether the browser would do it now. */
  get isOffered(): boolean {
    return this.#prompt !== undefined;
  }

  /** Whether somebody has to do it by hand: on an iPhone or iPad, and it is not done. */
  get isByHand(): boolean {
    return (navigator as { standalone?: boolean }).standalone === false;
  }

  /** The link is good: what is put on the home screen opens with it. */
  ready(): void {
    if (this.#isReady) return;
    this.#isReady = true;
    const link = document.createElement("link");
    link.rel = "manifest";
    const url = new URL("play.webmanifest", this.#place.base);
    url.searchParams.set("token", this.#place.token);
    link.href = url.href;
    document.querySelector('link[rel="manifest"]')?.remove();
    document.head.append(link);
    // There is none outside of secure contexts.
    navigator.serviceWorker?.register(new URL("play-worker.js", this.#place.base)).catch(() => undefined);
  }

  /** Call it in a tap. */
  ask(): void {
    void this.#prompt?.prompt();
    this.#prompt = undefined;
  }
}
