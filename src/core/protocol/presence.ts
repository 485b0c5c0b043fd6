import type { Sounds } from "./table-settings.ts";

export const LISTENER_STATES = ["playing", "muted", "lagging", "text-only"] as const;
/** How a listener is hearing. */
export type ListenerState = (typeof LISTENER_STATES)[number];

/** A player who has a seat, as everybody at the table is told. */
export interface Presence {
  id: string;
  connections: number;
  state: "connected" | "away" | ListenerState;
  /** Which lines they want to hear, where that is not all. */
  sounds?: Sounds;
  /**
   * Whether their devices are the table's loudspeakers: what is for everyone sounds on those alone, and what is not on all
   * others. Left out: the table has none.
   */
  loudspeaker?: boolean;
}

/** Who is here. */
export interface PresenceMessage {
  type: "presence";
  /** Everybody after `welcome`; later those of whom something has changed. */
  players: Presence[];
}
