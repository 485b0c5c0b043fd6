import { isFor } from "../checks/said.ts";
import type { Evening } from "../evening.ts";
import type { Page } from "../listeners/page.ts";
import type { Act, PileAct, Player } from "../plan.ts";
import { cancelAt, speak, toAll } from "./lines.ts";
import { restart, troubleDisk } from "./restart.ts";

/** Has something happen at an evening. */
export function perform(evening: Evening, act: Act): void {
  switch (act.act) {
    case "speak":
      speak(evening, act);
      break;
    case "cancel":
      cancelAt(evening, act.line, act.way, act.moment);
      break;
    case "prepare":
      evening.ask("POST", "prepare", { text: "What may be said.", to: "all" });
      break;
    case "status":
      evening.ask("GET", "status");
      break;
    case "open":
      if (evening.pagesOf(act.who).length < 3) evening.open(act.who);
      break;
    case "leave":
      if (act.line) {
        speak(evening, toAll(act.line.packets));
        evening.pass(act.line.ms);
      }
      for (const page of evening.pagesOf(act.who).slice(0, 1)) page.leave(act.code);
      break;
    case "reload":
      for (const page of evening.pagesOf(act.who).slice(0, 1)) {
        page.leave(1001);
        evening.open(act.who);
      }
      break;
    case "settings":
      for (const page of evening.pagesOf(act.who)) {
        page.trouble();
        page.isMuted ||= act.muted;
        const { muted, sync, captions } = act;
        evening.world.do(page.realm, () => page.client.change({ muted, sync, captions }));
      }
      break;
    case "reinvite":
      reinvite(evening, act.who);
      break;
    case "unseat":
      unseat(evening, act.who);
      break;
    case "disk":
      troubleDisk(evening, act.trouble, act.ms);
      break;
    case "pile":
      pile(evening, act);
      break;
    case "restart":
      restart(evening, act);
      break;
    default:
      trouble(evening, act);
  }
}

function pile(evening: Evening, { gapMs, packets, cancelled }: PileAct): void {
  const first = evening.said.length;
  for (const interrupt of [false, true, true]) {
    const sentences = [
      { packets, moods: { alpha: ["slow" as const], beta: ["slow" as const], gamma: ["slow" as const] } },
    ];
    speak(evening, {
      act: "speak",
      to: "all",
      sentences,
      way: "party",
      priority: 1,
      interrupt,
      written: null,
    });
    evening.pass(gapMs);
  }
  cancelAt(evening, first + cancelled, "handle", null);
}

/** What happens to networks, machines and clocks. */
function trouble(evening: Evening, act: Act): void {
  const { now } = evening.world.time;
  if (act.act === "crash")
    evening.server.workers.findLast(({ realm }) => realm.isAlive)?.die(evening.plan.hasSilentDeaths);
  else if (act.act === "freeze") {
    const alive = evening.server.workers.filter(({ realm }) => realm.isAlive);
    const worker = alive[act.worker % Math.max(1, alive.length)];
    if (worker) worker.realm.sleepsUntil = now + act.ms;
  } else if (act.act === "sleep" || act.act === "clock") {
    const pages = act.who === "server" ? evening.pages : evening.pagesOf(act.who);
    for (const page of pages) page.trouble();
    const realms = act.who === "server" ? [evening.server.realm] : pages.map(({ realm }) => realm);
    for (const realm of realms) {
      if (act.act === "sleep") realm.sleepsUntil = Math.max(realm.sleepsUntil, now + act.ms);
      else realm.wallOffsetMs += act.ms;
    }
    if (act.act === "sleep")
      evening.world.in(act.ms, evening.server.realm, () => {
        for (const page of pages) page.trouble();
      });
  } else if ("who" in act) {
    for (const page of evening.pagesOf(act.who)) disturb(evening, page, act);
  }
}

/** What happens to the network of one page. */
function disturb(evening: Evening, page: Page, act: Act): void {
  const { weather, realm } = page;
  const { now } = evening.world.time;
  page.trouble();
  if (act.act === "stall" || act.act === "slow") page.wasSlow = true;
  if (act.act === "cut") for (const wire of page.wires) wire.cut(act.kind);
  else if (act.act === "stall") weather.stalledUntil = now + act.ms;
  else if (act.act === "away") page.goAway(act.ms);
  else if (act.act === "slow") {
    weather.bytesPerMs = act.bytesPerMs;
    evening.world.in(act.ms, realm, () => {
      weather.bytesPerMs = Number.POSITIVE_INFINITY;
      page.trouble();
    });
  }
}

function reinvite(evening: Evening, player: Player): void {
  for (const page of evening.pagesOf(player)) page.trouble();
  const ask = (then: (token: string) => void): void =>
    evening.ask("POST", `players/${player}/refresh`, undefined, ({ token }) => {
      then(String(token));
      evening.onTold?.();
    });
  evening.links.replace(player, ask, false, () => evening.replacePages(player));
}

/** Somebody else gets the seat. */
function unseat(evening: Evening, player: Player): void {
  for (const said of evening.said) if (isFor(said, player)) said.isCancelled ||= said.to !== "all";
  const ask = (then: (token: string) => void): void => {
    evening.ask("DELETE", `players/${player}`);
    evening.ask("POST", "players", { id: player }, ({ token }) => {
      then(String(token));
      evening.onTold?.();
    });
  };
  evening.links.replace(player, ask, true, () => evening.replacePages(player));
}
