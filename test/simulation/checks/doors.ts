import type { Evening } from "../evening.ts";
import { PLAYERS } from "../plan.ts";
import { must } from "./fault.ts";
import { sniff, sniffText } from "./sniffer.ts";

/** What anybody may ask. */
const OPEN = ["/metrics", "/healthz", "/readyz"];
/** What is the DM's to ask. */
const CLOSED = ["/api/log", "/api/status", "/api/players", "/api/answers", "/api/prepared"];

/** Whatever a player asks for, they read nothing of a line that is not for them. @throws Fault */
export function checkDoors(evening: Evening): void {
  const { server, said, links, world } = evening;
  const ask = (path: string, token: string | undefined, look: (text: string, status: number) => void): void =>
    world.do(server.realm, () => {
      const headers: HeadersInit = token === undefined ? {} : { Authorization: `Bearer ${token}` };
      const answer = server.fetch(new Request(`http://table${path}`, { headers }));
      evening.keep(
        path,
        answer.then(async (response) => look(await response.text(), response.status)),
      );
    });
  for (const path of OPEN) ask(path, undefined, (text) => sniffText(path, text));
  // Each asks for some of it, another evening for the rest.
  for (const [at, path] of CLOSED.entries()) {
    const player = PLAYERS[(evening.plan.seed + at) % PLAYERS.length] as (typeof PLAYERS)[number];
    ask(path, links.of(player), (text, status) => {
      sniff(said, player, text);
      must(status >= 400, () => `${player} was answered ${path} with ${status}`);
    });
  }
}
