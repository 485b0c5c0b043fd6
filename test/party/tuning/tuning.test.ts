import { expect, test } from "bun:test";
import { Gate } from "../../../src/core/async/gate.ts";
import { BardcastError } from "../../../src/core/errors.ts";
import { ClientState } from "../../../src/party/transport/client-state.ts";
import type { V2Connection } from "../../../src/party/transport/connection.ts";
import { ConnectionManager } from "../../../src/party/transport/connection-manager.ts";
import { Tuning } from "../../../src/party/tuning/tuning.ts";
import { FakeSocket } from "../../support/fake-socket.ts";
import { until } from "../../support/table.ts";

const SILENT_MS = 60;

function rig() {
  const connections = new ConnectionManager();
  const gate = new Gate();
  let isHeld = false;
  const hold = (): (() => void) => {
    const release = gate.close();
    isHeld = true;
    return () => {
      release();
      isHeld = false;
    };
  };
  const tuning = new Tuning(
    connections,
    { hold, now: () => performance.now() },
    { hold: () => () => undefined },
    SILENT_MS,
  );
  const join = (
    player: string,
    role: "player" | "dm" | "observer",
  ): V2Connection & { socket: FakeSocket } => {
    const socket = new FakeSocket();
    const hello = new ClientState({ type: "hello", codecs: ["pcm16"], sync: true });
    const connection = connections.connect(socket, player, role, hello) as V2Connection;
    socket.beforeLook = () => connection.flush();
    return Object.assign(connection, { socket });
  };
  return { tuning, join, isHeld: () => isHeld, connections };
}

const onOf = ({ socket }: { socket: FakeSocket }): boolean[] =>
  socket.texts.flatMap((text) => JSON.parse(text).on ?? []);

test("a console that says nothing any more does not have lines wait for ever", async () => {
  const { tuning, join, isHeld } = rig();
  const [dm, thorin] = [join("dm", "dm"), join("thorin", "player")];
  tuning.direct(dm, { type: "tune", on: true });
  expect(isHeld()).toBe(true);
  const began = performance.now();
  while (performance.now() < began + 3 * SILENT_MS) {
    tuning.direct(dm, { type: "tune.trim", device: 1, ms: 0, spreadMs: 0 });
    await Bun.sleep(5);
  }
  expect(isHeld()).toBe(true);
  await until(() => !isHeld());
  expect([onOf(dm), onOf(thorin)]).toEqual([
    [true, false],
    [true, false],
  ]);
  expect(() => tuning.direct(dm, { type: "tune.trim", device: 1, ms: 0, spreadMs: 0 })).toThrow(
    BardcastError,
  );
});

test("observers are no devices, and a device that has gone is passed over", () => {
  const { tuning, join } = rig();
  const [dm, thorin] = [join("dm", "dm"), join("thorin", "player")];
  const stream = join("stream", "observer");
  tuning.direct(dm, { type: "tune", on: true });
  thorin.close(1001, "over");
  tuning.direct(dm, { type: "tune.trim", device: 1, ms: 3, spreadMs: 0 });
  tuning.close();
  expect(onOf(stream)).toEqual([]);
  expect(thorin.socket.texts.filter((text) => text.includes("trim"))).toEqual([]);
});

test("a party that ends lets lines go on to their end", () => {
  const { tuning, join, isHeld } = rig();
  tuning.direct(join("dm", "dm"), { type: "tune", on: true });
  tuning.close();
  expect(isHeld()).toBe(false);
});

test("what waits at a gate passes when it is opened, or when nobody wants it to any more", async () => {
  const gate = new Gate();
  const { signal } = new AbortController();
  await gate.passed(signal);
  const open = gate.close();
  const life = new AbortController();
  const passed: string[] = [];
  const waiting = [
    gate.passed(signal).then(() => passed.push("opened")),
    gate.passed(life.signal).then(() => passed.push("aborted")),
  ];
  await Bun.sleep(5);
  expect(passed).toEqual([]);
  life.abort();
  await waiting[1];
  expect(passed).toEqual(["aborted"]);
  open();
  open();
  await waiting[0];
  expect(passed).toEqual(["aborted", "opened"]);
});
