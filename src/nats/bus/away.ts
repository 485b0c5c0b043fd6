import { z } from "zod";
import { LISTENER_STATES, type Presence } from "../../core/protocol/presence.ts";
import type { Audience } from "../../core/protocol/speak-request.ts";
import type { Encoding } from "../../engines/contract/sentence-job.ts";
import { nodeOf } from "../lease/lease-records.ts";
import { ENCODINGS } from "./sound-burst.ts";

/** A node that has not said for so long who is there is gone, ms; each says it again after a third of that. */
const SILENT_MS = 4_500;
export const REPEAT_MS: number = SILENT_MS / 3;

/** Who is connected to a node, as it tells the others. */
export interface Here {
  v: 1;
  node: string;
  session: string;
  /** Players who are connected there, or about to be (`away`), and how they hear. */
  players: { id: string; connections: number; state: Presence["state"] }[];
  /** Listeners who hear what is for all and have no seat. */
  observers: number;
  encodings: Encoding[];
  /** Sockets of the game master. */
  consoles?: number | undefined;
  latencyMs?: number | undefined;
  /** Nobody is there any more. */
  leaves?: boolean | undefined;
  /** The node itself ends. */
  ends?: boolean | undefined;
}

const hereSchema: z.ZodType<Here> = z.object({
  v: z.literal(1),
  node: z.string(),
  session: z.string(),
  players: z.array(
    z.looseObject({
      id: z.string(),
      connections: z.number().int().positive(),
      state: z.enum(["connected", "away", ...LISTENER_STATES]),
    }),
  ),
  observers: z.number().int().nonnegative(),
  encodings: z.array(z.enum(ENCODINGS)),
  consoles: z.number().int().nonnegative().optional(),
  latencyMs: z.number().optional(),
  leaves: z.boolean().optional(),
  ends: z.boolean().optional(),
});

export function readHere(value: unknown): Here | undefined {
  return hereSchema.safeParse(value).data;
}

/** Who is connected to other nodes, as far as those have said. */
export class Away {
  readonly #nodes = new Map<string, { here: Here; at: number }>();

  /** @returns whether the node was not known before, and who was there until now */
  take(here: Here): { isNew: boolean; before: Here | undefined } {
    const before = this.#nodes.get(here.node)?.here;
    if (here.leaves) this.#nodes.delete(here.node);
    else this.#nodes.set(here.node, { here, at: performance.now() });
    return { isNew: !before && !here.leaves, before };
  }

  /** Players are about to come to a node, which says so itself when they have. */
  expect(node: string, players: readonly string[]): void {
    const known = this.#nodes.get(node)?.here;
    const here = known ?? { v: 1 as const, node, session: "", players: [], observers: 0, encodings: [] };
    const isNew = (id: string): boolean => !here.players.some((player) => player.id === id);
    const expected = players.filter(isNew).map((id) => ({ id, connections: 1, state: "away" as const }));
    this.#nodes.set(node, {
      here: { ...here, players: [...here.players, ...expected] },
      at: performance.now(),
    });
  }

  /** Forgets nodes that have fallen silent, and the one of a session. @returns who was there */
  forget(session?: string): Here[] {
    const before = performance.now() - SILENT_MS;
    const gone = [...this.#nodes.values()]
      .filter(
        ({ here, at }) =>
          at < before ||
          here.session === session ||
          // It was told of by the holder's own guess alone.
          (here.session === "" && session !== undefined && here.node === nodeOf(session)),
      )
      .map(({ here }) => here);
    for (const { node } of gone) this.#nodes.delete(node);
    return gone;
  }

  get nodes(): string[] {
    return [...this.#nodes.keys()];
  }

  /** Nodes where somebody is connected whom a line is for. */
  nodesOf(to: Audience): Here[] {
    return [...this.#nodes.values()]
      .map(({ here }) => here)
      .filter(({ players, observers }) =>
        to === "all" ? players.length + observers > 0 : players.some(({ id }) => to.includes(id)),
      );
  }

  /** Nodes where a game master is connected. */
  get nodesWithConsole(): string[] {
    return [...this.#nodes].flatMap(([node, { here }]) => ((here.consoles ?? 0) > 0 ? [node] : []));
  }

  /** All who are connected elsewhere, each player once. */
  get players(): Presence[] {
    const players = new Map<string, Presence>();
    for (const { here } of this.#nodes.values())
      for (const { id, connections, state } of here.players) {
        if (state === "away") continue;
        const other = players.get(id);
        players.set(id, { id, state, connections: connections + (other?.connections ?? 0) });
      }
    return [...players.values()];
  }
}

/** What listeners at a node need of a line at its beginning, before the node has said it itself. */
export function firstNeed({ encodings, latencyMs }: Here): {
  asked: number;
  readers: number;
  encodings: readonly Encoding[];
  latencyMs: number | undefined;
} {
  return { asked: 0, readers: 1, encodings, latencyMs };
}
