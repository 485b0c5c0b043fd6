import { expect, test } from "bun:test";
import type { Sound } from "../../src/client/output/sound.ts";
import { Player } from "../../src/client/player.ts";
import type { FromWorker, ToWorker } from "../../src/client/worker/messages.ts";
import { WorkerClient } from "../../src/client/worker/worker-client.ts";
import { WorkerPlayout } from "../../src/client/worker/worker-playout.ts";
import { FakeAudioContext } from "./fake-audio.ts";
import { settle } from "./line-rig.ts";

test("a player that follows a worker's client no more reads nothing aloud, and another may", () => {
  let say = (_message: MessageEvent): void => undefined;
  const worker = {
    postMessage: () => undefined,
    terminate: () => undefined,
    set onmessage(take: (message: MessageEvent) => void) {
      say = take;
    },
  };
  const client = new WorkerClient({ url: "ws://table/ws", createWorker: () => worker as unknown as Worker });
  const read: string[] = [];
  const newPlayer = (name: string): Player =>
    new Player({
      readAloud: () => {
        read.push(name);
        return () => read.push(`${name} stopped`);
      },
    });
  const [first, second] = [newPlayer("first"), newPlayer("second")];
  const sentence = (id: number) =>
    say({ data: { type: "read", id, text: "Run!", manner: {} } } as MessageEvent);
  const stop = first.follow(client);
  sentence(1);
  stop();
  second.follow(client);
  sentence(2);
  expect(read).toEqual(["first", "first stopped", "second"]);
  second.close();
  sentence(3);
  expect(read).toEqual(["first", "first stopped", "second", "second stopped"]);
});

test("sound that comes and goes and comes while it is being opened is opened once, and given back", async () => {
  const said: ToWorker[] = [];
  const context = new FakeAudioContext();
  const sound = { graph: { context, output: context.createGain() } } as unknown as Sound;
  const host = {
    volume: () => 1,
    readAloud: () => () => undefined,
    workletUrl: undefined,
    onHeard: () => undefined,
    onDropped: () => undefined,
    wake: () => undefined,
  };
  const playout = new WorkerPlayout(host, {
    send: (message) => said.push(message),
    listen: () => () => undefined,
  });
  playout.moveTo(sound);
  playout.moveTo(undefined);
  playout.moveTo(sound);
  await settle();
  expect(said.filter((message) => message.type === "output" && message.output)).toHaveLength(1);
  expect(context.constants).toBe(1);
  playout.leave();
  expect(context.constants).toBe(0);
});

test("a worker's client that is ended says so, says nothing more, and plays nothing any more", () => {
  const worker = {
    postMessage: () => undefined,
    terminate: () => undefined,
    onmessage: undefined as unknown,
  };
  const client = new WorkerClient({ url: "ws://table/ws", createWorker: () => worker as unknown as Worker });
  const say = (data: FromWorker): void =>
    (worker.onmessage as (event: { data: FromWorker }) => void)({ data });
  const states: string[] = [];
  client.on("state", ({ name }) => states.push(name));
  const player = new Player();
  player.follow(client);
  say({ type: "event", name: "state", event: { name: "open" } });
  say({ type: "playing", isBusy: true, spoken: { line: "one" }, jitterDelayMs: 80, step: undefined });
  client.terminate();
  expect(states).toEqual(["open", "closed"]);
  expect(client.speak({ text: "Run!" })).toBe(false);
  expect([player.cushionMs, worker.onmessage]).toEqual([0, null]);
  player.close();
});
