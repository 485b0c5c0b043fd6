import { Emitter, type LineSource, type PartyEvents, Player, type Spoken } from "../../client/index.ts";
import type { Recorded } from "./recordings.ts";

export interface ReplayEvents {
  /** What is being said again; undefined in silence. */
  spoken: Spoken | undefined;
}

/** Tells a player again what a client told. Nobody learns what is heard of it. */
class Retelling extends Emitter<PartyEvents> implements LineSource {
  tell({ name, event }: Recorded): void {
    if (name !== "begin") this.emit(name, event as never);
    else {
      // Alone it has no time that others hear it at.
      const { startAt, ...begin } = event;
      this.emit(name, begin);
    }
  }

  heard(): void {}
  change(): void {}
}

/** Says lines again on this device alone, on a loudspeaker of its own beside the table's. */
export class Replay extends Emitter<ReplayEvents> {
  readonly #retelling = new Retelling();
  #player: Player | undefined;
  /** To be told as soon as there is sound. */
  #waiting: Recorded[] = [];

  /** Says them one after another. Call it in a tap. */
  play(lines: readonly (readonly Recorded[])[], volume: number): void {
    this.#player?.stop();
    this.#waiting = lines.flat();
    const player = this.#player ?? this.#newPlayer();
    this.#player = player;
    player.volume = volume;
    player.unlock();
    if (player.state === "running") this.#tell();
  }

  stop(): void {
    this.#waiting = [];
    this.#player?.stop();
  }

  #newPlayer(): Player {
    const player = new Player();
    player.follow(this.#retelling);
    player.on("state", (state) => {
      // It says so before it has sound to play on.
      if (state === "running") setTimeout(() => this.#tell());
    });
    player.on("spoken", (spoken) => this.emit("spoken", spoken));
    return player;
  }

  #tell(): void {
    for (const recorded of this.#waiting.splice(0)) this.#retelling.tell(recorded);
  }
}
