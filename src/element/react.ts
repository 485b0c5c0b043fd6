/**
 * A listener's place at a table as a hook, for React, Preact and others that have the same hooks: they are handed in, so
 * that nothing is imported.
 * @module bardcast/react
 */
import {
  type ConnectionState,
  type Line,
  PartyClient,
  Player,
  type PlayerState,
  type Spoken,
  withLine,
} from "../client/index.ts";
import { socketOf, tableAddress } from "./table-address.ts";

/** The hooks that it is made of. */
export interface Hooks {
  useEffect(effect: () => (() => void) | undefined, inputs: readonly unknown[]): void;
  useState<T>(first: T): [T, (next: T | ((before: T) => T)) => void];
  useRef<T>(first: T): { current: T };
}

/** What a component sees, and may do. */
export interface Listener {
  connection: ConnectionState["name"];
  sound: PlayerState;
  /** Every line so far, the oldest first, at most 200. Text comes before sound. */
  lines: readonly Line[];
  /** What is being said now. */
  spoken: Spoken | undefined;
  /** Begins to sound; call it inside the handler of a tap. */
  listen(): void;
}

type Seen = Omit<Listener, "listen">;

const NOTHING: Seen = { connection: "closed", sound: "locked", lines: [], spoken: undefined };

/**
 * Makes the hook: `const useBardcast = createUseBardcast(React)`.
 * It connects while its component is there, and anew with another address or token.
 * @param hooks React, or what has its hooks
 */
export function createUseBardcast(
  hooks: Hooks,
): (src: string | undefined, token?: string | undefined) => Listener {
  return (src, token) => {
    const [seen, see] = hooks.useState<Seen>(NOTHING);
    const player = hooks.useRef<Player | undefined>(undefined);
    hooks.useEffect(() => {
      see(NOTHING);
      const address = src === undefined ? undefined : tableAddress(src, location.href);
      if (!address) return undefined;
      const show = (change: Partial<Seen>): void => see((before) => ({ ...before, ...change }));
      const client = new PartyClient({ url: socketOf({ ...address, token: token ?? address.token }) });
      const own = new Player();
      player.current = own;
      own.follow(client);
      const stops = [
        client.on("state", ({ name }) => show({ connection: name })),
        client.on("text", (line) => see((before) => ({ ...before, lines: withLine(before.lines, line) }))),
        own.on("state", (sound) => show({ sound })),
        own.on("spoken", (spoken) => show({ spoken })),
      ];
      client.connect();
      return () => {
        for (const stop of stops) stop();
        own.close();
        client.close();
        player.current = undefined;
      };
    }, [src, token]);
    return { ...seen, listen: () => player.current?.unlock() };
  };
}
