import { expect, test } from "bun:test";
import { nextTurn } from "../../src/core/async/time-slicer.ts";
import { PresenceBoard } from "../../src/party/presence.ts";
import { ConnectionManager } from "../../src/party/transport/connection-manager.ts";
import { FakeSocket } from "../support/fake-socket.ts";
import { until } from "../support/table.ts";
import { V2Client } from "../support/v2-client.ts";

const SEATS = Array.from({ length: 60 }, (_, seat) => `p${seat}`);

/** Counts how often it is asked for a player's connections. */
class CountingManager extends ConnectionManager {
  asked = 0;
  override connectionsOf(audience: "all" | readonly string[]) {
    this.asked += 1;
    return super.connectionsOf(audience);
  }
}

function setBoard() {
  const connections = new CountingManager();
  const board = new PresenceBoard(connections, () => SEATS);
  return { connections, [Symbol.dispose]: () => board.close() };
}

test("who comes at once with many others is told about everybody, and it is found out once for all of them", async () => {
  using board = setBoard();
  const { connections } = board;
  const clients = SEATS.slice(1).map((player) => new V2Client({ connections }, player));
  await until(() => clients.every((client) => client.of("presence").length > 0));
  for (const client of clients) {
    const [first] = client.of("presence");
    expect(first?.players).toEqual(
      SEATS.map((id) => {
        const isHere = id !== "p0";
        return { id, connections: isHere ? 1 : 0, state: isHere ? "connected" : "away" };
      }),
    );
  }
  // Not for each of them.
  expect(connections.asked).toBeLessThan(3 * SEATS.length);
});

test("on dm20 everybody but the player is told who comes and who leaves, as long as they are there", async () => {
  using board = setBoard();
  const { connections } = board;
  const join = (player: string, role: "player" | "dm" | "observer" = "player") => {
    const socket = new FakeSocket();
    return { socket, connection: connections.connect(socket, player, role) };
  };
  const thorin = join("thorin");
  const [dm, observer] = [join("dm", "dm"), join("o1", "observer")];
  const elara = join("elara");
  join("elara");
  await nextTurn();
  elara.connection.ended(1000);
  await nextTurn();
  thorin.connection.flush();
  thorin.connection.ended(1001);
  await nextTurn();
  for (const { connection } of [thorin, dm, observer, elara]) connection.flush();
  const told = ({ socket }: ReturnType<typeof join>) =>
    socket.texts
      .map((text) => JSON.parse(text))
      .flatMap(({ type, content }) => (type === "system" ? [content] : []));
  expect(told(thorin)).toEqual(["elara joined"]);
  expect(told(dm)).toEqual(["elara joined", "thorin left"]);
  expect(told(observer)).toEqual([]);
  expect(told(elara)).toEqual([]);
});

test("who was there on dm20 before the board was is told, too", async () => {
  const connections = new ConnectionManager();
  const socket = new FakeSocket();
  const early = connections.connect(socket, "thorin");
  const board = new PresenceBoard(connections, () => SEATS);
  connections.connect(new FakeSocket(), "elara");
  await nextTurn();
  early.flush();
  expect(socket.texts.map((text) => JSON.parse(text)).at(-1)).toMatchObject({ content: "elara joined" });
  board.close();
});
