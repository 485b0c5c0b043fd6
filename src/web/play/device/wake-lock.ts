/** Whether this browser lets a page keep the screen on; only in secure contexts. */
export const canKeepScreenOn: boolean = "wakeLock" in navigator;

/** Keeps the screen on while that is wanted, whenever the page is in front. */
export class WakeLock {
  #isWanted = false;
  #lock: WakeLockSentinel | undefined;

  constructor() {
    document.addEventListener("visibilitychange", () => void this.#update());
  }

  want(isWanted: boolean): void {
    if (isWanted === this.#isWanted) return;
    this.#isWanted = isWanted;
    void this.#update();
  }

  async #update(): Promise<void> {
    if (!canKeepScreenOn) return;
    if (this.#lock && !this.#isWanted) await this.#lock.release();
    this.#lock = undefined;
    if (!this.#isWanted || document.visibilityState !== "visible") return;
    try {
      // Refused with a low battery; the page works without.
      this.#lock = await navigator.wakeLock.request("screen");
    } catch {
      return;
    }
    if (!this.#isWanted) await this.#update();
  }
}
