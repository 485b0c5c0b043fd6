import { must } from "../checks/fault.ts";
import type { Evening } from "../evening.ts";
import type { RestartAct } from "../plan.ts";
import { speak, toAll } from "./lines.ts";

/** Where the table's folder is. */
export const FOLDER = "/campaign";
/** ms that a party may take to close, whatever the disk does. */
const CLOSING_MS = 12_000;
/** Where it ends once somebody is told something, that is waited for. */
const TOLD_WITHIN_MS = 1_000;
/** Nobody waits for so long for who does not come back. */
const AWAY_MS = 30_000;

/** The server ends, with a goodbye or without one; `getUp` starts another one in its place. */
export function restart(evening: Evening, act: RestartAct): void {
  const { disk, world } = evening;
  for (const page of evening.pages) page.trouble();
  evening.falling = act;
  if (act.line !== null) speak(evening, toAll(act.line));
  if (act.how === "close") close(evening);
  const { moment } = act;
  const soon = (): void => world.in(0, evening.director, () => fall(evening, act));
  if (!disk || moment === null || act.how === "close") fall(evening, act);
  else if (moment === "told") evening.onTold = soon;
  else disk.arm(moment, soon);
}

/** Where a restart has begun: another server is there. */
export function getUp(evening: Evening): void {
  const { falling, disk } = evening;
  if (!falling) return;
  if (evening.onTold) evening.pass(TOLD_WITHIN_MS);
  evening.falling = evening.onTold = undefined;
  disk?.disarm();
  fall(evening, falling);
  if (disk && falling.damage) {
    disk.damage(`${FOLDER}/${falling.damage.file}`, falling.damage.how);
    evening.nothingIsKept();
  }
  const { trouble, away } = falling;
  if (away) for (const page of evening.pagesOf(away)) page.goAway(AWAY_MS);
  if (trouble) troubleDisk(evening, trouble.trouble, trouble.ms);
  if (disk && trouble?.trouble !== "hung") evening.pass(disk.hangsMs);
  evening.start();
}

function close(evening: Evening): void {
  const { party, realm } = evening.server;
  if (!party) return;
  evening.network.host = undefined;
  cutOff(evening);
  evening.world.do(realm, () => evening.keep("the party's end", party.close()));
  // A machine that sleeps closes nothing until it wakes.
  const asleepMs = Math.max(0, realm.sleepsUntil - evening.world.time.now);
  evening.pass(asleepMs + CLOSING_MS);
  must(!evening.pending.has("the party's end"), () => "the party does not close");
}

/** Nothing that the process was at goes on. */
function fall(evening: Evening, { how }: RestartAct): void {
  const { server, network, disk } = evening;
  if (!server.realm.isAlive) return;
  for (const page of evening.pages) page.trouble();
  cutOff(evening);
  server.realm.isAlive = false;
  for (const { realm } of server.workers) realm.isAlive = false;
  disk?.died(server.realm);
  if (how === "power") disk?.losePower();
  for (const wire of [...network.wires]) wire.orphan(how === "power");
  if (how !== "close") evening.pending.clear();
  evening.links.fell();
}

function cutOff({ said, server }: Evening): void {
  for (const own of said) if (own.server === server && !own.done) own.isCutOff = true;
}

/** Something is the matter with the disk for a while, or the folder is removed. */
export function troubleDisk(
  evening: Evening,
  trouble: "full" | "read-only" | "hung" | "deleted",
  ms: number,
): void {
  const { disk, world } = evening;
  if (!disk) return;
  if (trouble === "deleted") {
    disk.removeAll();
    evening.nothingIsKept();
  } else disk.trouble(trouble, ms);
  evening.unwellUntil = Math.max(evening.unwellUntil, world.time.now + ms);
}
