import { displayName } from "../shared/names.ts";
import { speakerName } from "./captions/speaker.ts";
import type { Install } from "./device/install.ts";
import { PageLight } from "./device/light.ts";
import { LockScreen } from "./device/lock-screen.ts";
import { WakeLock } from "./device/wake-lock.ts";
import type { Seat } from "./seat.ts";
import type { SeatView } from "./seat-view.ts";
import { standing } from "./words.ts";

/** What the device around the page does for it: its light, its screen, its lock screen, its home screen. */
export class Device {
  readonly #install: Install;
  readonly #light = new PageLight();
  readonly #screen = new WakeLock();
  readonly #lockScreen: LockScreen;

  constructor(seat: Seat, install: Install) {
    this.#install = install;
    this.#lockScreen = new LockScreen((isSilent) => {
      seat.set({ muted: isSilent });
      if (!isSilent) seat.unlock();
    });
  }

  follow(view: SeatView): void {
    const { light, awake, sound, player, captions, spoken, muted } = view;
    this.#light.set(light);
    this.#screen.want(awake && sound === "running");
    if (player === undefined) return;
    this.#install.ready();
    const line = captions.find(({ id }) => id === spoken?.line);
    // A phone on the table is seen by others.
    const speaker = line?.private ? "A whisper" : line && speakerName(line);
    this.#lockScreen.show({
      title: speaker ?? standing(view),
      artist: displayName(player),
      isSilent: muted || sound !== "running",
    });
  }
}
