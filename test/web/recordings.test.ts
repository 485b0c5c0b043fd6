import { expect, test } from "bun:test";
import { Emitter, type LineFrame, type PartyEvents } from "../../src/client/index.ts";
import type { SpeechBeginMessage } from "../../src/core/protocol/v2.ts";
import { Recordings } from "../../src/web/play/recordings.ts";

class Client extends Emitter<PartyEvents> {
  /** A line of one frame of so many bytes. */
  say(utterance: string, bytes: number): void {
    this.emit("begin", { utterance } as SpeechBeginMessage);
    this.emit("frame", { utterance, payload: new Uint8Array(bytes) } as LineFrame);
  }
}

function recorded(): { client: Client; recordings: Recordings } {
  const client = new Client();
  const recordings = new Recordings();
  recordings.follow(client);
  return { client, recordings };
}

test("the sound of the last lines is kept as it came, and the oldest goes first", () => {
  const { client, recordings } = recorded();
  for (const line of ["a", "b", "c"]) client.say(line, 1.5 * 1024 * 1024);
  expect(recordings.of("a")).toBeUndefined();
  expect(recordings.of("c")?.map(({ name }) => name)).toEqual(["begin", "frame"]);
});

test("a line that begins again after a lost connection is one line", () => {
  const { client, recordings } = recorded();
  client.say("a", 10);
  client.say("a", 10);
  expect(recordings.of("a")?.map(({ name }) => name)).toEqual(["begin", "frame", "frame"]);
});

test("of a line that was stopped no more is kept than was heard; where nothing was, nothing is", () => {
  const { client, recordings } = recorded();
  for (const line of ["a", "b"]) client.say(line, 10);
  recordings.stop("a", 1_200);
  recordings.stop("b", 0);
  expect(recordings.of("a")?.at(-1)).toMatchObject({
    name: "cancel",
    event: { utterance: "a", atMs: 1_200 },
  });
  expect(recordings.of("b")).toBeUndefined();
});
