import type { Role } from "../transport/role.ts";

/** Of a line, what decides who wants to hear it. */
export interface LineKind {
  /** Whether no character speaks. */
  isNarration: boolean;
  /** Whether it is for some players only. */
  isPrivate: boolean;
}

/** Of a connection, what decides which lines are heard there. */
export interface Listener {
  player: string;
  role: Role;
}

/** Whether somebody is to be sent the sound of a line; of the others they get the text. */
export type Wants = (listener: Listener, line: LineKind) => boolean;
