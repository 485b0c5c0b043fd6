import { expect, test } from "bun:test";
import { Player } from "../../src/client/player.ts";
import { WorkerClient } from "../../src/client/worker/worker-client.ts";

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
