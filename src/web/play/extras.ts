import type { Spoken } from "../../client/index.ts";
import { newAudioContext } from "../../client/output/sound.ts";
import type { Listening, TableSounds } from "../place/table-sounds.ts";
import { OnDemand } from "../shared/on-demand.ts";
import type { SeatView } from "./seat-view.ts";
import type { TableLink } from "./table-link.ts";
import type { TunedDevice, TunedSeat } from "./tuned-device.ts";

/** What a page loads when the table first asks for it: the sound of the place, and what lets the game master tune this device. */
export class Extras {
  #context: AudioContext | undefined;
  #listening: Listening | undefined;
  #sounds: TableSounds | undefined;

  /** @param url of the socket, with its token */
  constructor(client: TableLink, url: URL, seat: TunedSeat) {
    let device: TunedDevice | undefined;
    const tune = async (): Promise<TunedDevice> => {
      const { TunedDevice } = await import("./tuned-device.ts");
      device ??= new TunedDevice(client, seat);
      return device;
    };
    // It was tuned before, and may sound by something else now.
    if (seat.view().trimMs !== 0) tune().catch(() => undefined);
    const onDemand = new OnDemand({
      tune,
      sound: async () => {
        this.#sounds = (await import("../place/open-sounds.ts")).openSounds(client, url);
        if (this.#listening) this.#sounds.listen(this.#listening);
        return this.#sounds;
      },
    });
    client.on("other", (message) => onDemand.take(message));
  }

  /** For the player of speech, which all others share. */
  newContext(): AudioContext {
    this.#context = newAudioContext();
    return this.#context;
  }

  /** Somebody listens otherwise from now on. @param spoken what the table hears now */
  listen({ sound, muted, volume, trimMs }: SeatView, spoken: Spoken | undefined): void {
    const context = sound === "running" ? this.#context : undefined;
    const listening = { context, gain: muted ? 0 : volume ** 2, trimMs, line: spoken?.line };
    const before = this.#listening;
    const names = ["context", "gain", "trimMs", "line"] as const;
    if (before && names.every((name) => before[name] === listening[name])) return;
    this.#listening = listening;
    this.#sounds?.listen(listening);
  }
}
