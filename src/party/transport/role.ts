/**
 * What somebody may do at a table. The DM may do all of it. A player has a seat and hears what is for all, and what is
 * for them. An observer has no seat and hears what is for all. A service speaks and hears nothing.
 */
export type Role = "player" | "dm" | "observer" | "service";

/** `listen`: open a socket; `answer`: tell the DM something; `speak`: say, prepare and cancel utterances; `manage`: seats, links, what others do. */
export type Right = "listen" | "answer" | "speak" | "manage";

const RIGHTS: Readonly<Record<Role, readonly Right[]>> = {
  dm: ["listen", "speak", "manage"],
  player: ["listen", "answer"],
  observer: ["listen"],
  service: ["speak"],
};

export function hasRight(role: Role, right: Right): boolean {
  return RIGHTS[role].includes(right);
}

/** Whether an utterance is for this listener. The DM, who has it said, is nobody's audience. */
export function isAudience(
  { role, player }: { role: Role; player: string },
  to: "all" | readonly string[],
): boolean {
  if (to === "all") return role === "player" || role === "observer";
  return role === "player" && to.includes(player);
}
