import { createParty, type PartyOptions, type Socket } from "bardcast";
import { PartyClient } from "bardcast/client";

/** What came of a line from a party to a client of it, with no network between. */
export interface Heard {
  text: string[];
  /** Bytes of all clips. */
  bytes: number;
  delivered: boolean;
  /** Where the engines ran. */
  kind: "pool" | "inline";
  log: string[];
}

/** A browser's WebSocket whose other end is a party in the same thread. */
class Wire {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  readonly protocol = "";

  send(): void {}
  close(): void {}
}

/** Sets a table, seats one player, says a line to them, and listens with the client. */
export async function sayAndHear(options: PartyOptions): Promise<Heard> {
  const log: string[] = [];
  const party = await createParty({ players: ["thorin"], log: (message) => log.push(message), ...options });
  const wire = new Wire();
  const client = new PartyClient({
    url: "http://table.test/ws",
    WebSocket: function open() {
      return wire;
    } as unknown as typeof WebSocket,
  });
  const heard = { text: [] as string[], bytes: 0 };
  client.on("text", (line) => heard.text.push(line.content));
  client.on("clip", (clip) => {
    heard.bytes += clip.bytes.length;
  });
  client.connect();
  wire.onopen?.();
  const connection = party.connections.connect(
    socketTo(wire, () => connection.ended()),
    "thorin",
  );
  const delivered = await party.streamToPlayer("thorin", "The dragon roars!");
  const { kind } = party.speech;
  client.close();
  await party.close();
  return { ...heard, delivered, kind, log };
}

function socketTo(wire: Wire, ended: () => void): Socket {
  return {
    onDrain: undefined,
    send(messages) {
      for (const data of messages) wire.onmessage?.({ data });
    },
    bufferedAmount: () => 0,
    close: () => queueMicrotask(ended),
    terminate: ended,
  };
}
