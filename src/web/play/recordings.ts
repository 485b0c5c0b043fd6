import type { LineEvents, LineSource } from "../../client/index.ts";

/** Sound of the last lines that is kept: a quarter of an hour of Opus, or half a minute of PCM. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Lines of which no sound came are forgotten like the others. */
const MAX_LINES = 64;

type Followed = Pick<LineEvents, "begin" | "sentence" | "frame" | "fallback" | "end" | "cancel">;
/** An event of a client, as it is told again. */
export type Recorded = { [Name in keyof Followed]: { name: Name; event: Followed[Name] } }[keyof Followed];

interface Recording {
  events: Recorded[];
  bytes: number;
}

/** The sound of the last lines as it came, so that one can be heard again: the oldest go first. */
export class Recordings {
  readonly #lines = new Map<string, Recording>();
  #bytes = 0;

  /** Keeps what a client hears from now on. */
  follow(client: Pick<LineSource, "on">): void {
    client.on("begin", (event) => {
      if (this.#lines.has(event.utterance)) return;
      this.#lines.set(event.utterance, { events: [], bytes: 0 });
      this.#add(event.utterance, { name: "begin", event });
    });
    client.on("sentence", (event) => this.#add(event.utterance, { name: "sentence", event }));
    client.on("fallback", (event) => this.#add(event.utterance, { name: "fallback", event }));
    client.on("frame", (event) => {
      this.#add(event.utterance, { name: "frame", event }, event.payload.length);
    });
    client.on("end", (event) => this.#add(event.utterance, { name: "end", event }));
  }

  /** What came of a line; undefined where no sound of it is there. */
  of(line: string): readonly Recorded[] | undefined {
    const recording = this.#lines.get(line);
    return recording && recording.bytes > 0 ? recording.events : undefined;
  }

  /** The line was stopped: what was sent ahead of the ear is not kept. */
  stop(line: string, heardMs: number): void {
    if (heardMs === 0) this.#drop(line);
    const event = {
      type: "speech.cancel",
      offset: 0,
      utterance: line,
      atMs: heardMs,
      reason: "stopped",
    } as const;
    this.#add(line, { name: "cancel", event });
  }

  #add(line: string, event: Recorded, bytes = 0): void {
    const recording = this.#lines.get(line);
    if (!recording) return;
    recording.events.push(event);
    recording.bytes += bytes;
    this.#bytes += bytes;
    for (const oldest of this.#lines.keys()) {
      if (this.#bytes <= MAX_BYTES && this.#lines.size <= MAX_LINES) break;
      this.#drop(oldest);
    }
  }

  #drop(line: string): void {
    this.#bytes -= this.#lines.get(line)?.bytes ?? 0;
    this.#lines.delete(line);
  }
}
