import type { Evening } from "../evening.ts";
import type { Visit } from "../listeners/clip-ears.ts";
import type { Hearing } from "../listeners/frame-ears.ts";
import type { Page } from "../listeners/page.ts";
import { must } from "./fault.ts";
import { isFor, mayEndEarly, nameOf, type Said } from "./said.ts";

/** ms that are less than a word. */
const MISSED_MS = 300;
const MISSED_SHARE = 0.1;

/** ms that a page's word takes at most. */
const UNDER_WAY_MS = 100;

/** What was reported of a line is what ears heard of it. @throws Fault */
export function checkReport(said: Said, evening: Evening): void {
  const { done, number } = said;
  if (!done) return;
  for (const { player, complete, heardMs } of done.players) {
    const what = `line ${number}, as reported of ${player}`;
    must(isFor(said, player), () => `${what}: it was not for them`);
    const pages = evening.pages.filter((page) => page.player === player);
    const heard = sum(pages.map((page) => heardBy(page, said)));
    const isKnown = pages.every((page) => isToldBy(page, said));
    must(!isKnown || heardMs <= heard + MISSED_MS, () => `${what}: ${heardMs} ms heard, but it was ${heard}`);
    if (!complete) continue;
    // Who is sent only text counts as told when it was handed to the network, however slow that is.
    // Who has no word for it, and was never asked yet, is believed by the time.
    const isBelieved = (page: Page): boolean =>
      page.clips.visits.length > 0 && !page.isUntroubled(said.spokenAt, said.doneAt);
    const isSlow = pages.some((page) => page.wasSlow || isBelieved(page));
    must(
      isSlow || pages.some((page) => textsOf(page, said).length === said.sentences.length),
      () => `${what}: complete, but no page has all its words`,
    );
    const isSilent = pages.some(({ isMuted }) => isMuted);
    const least = done.durationMs - Math.max(MISSED_MS, done.durationMs * MISSED_SHARE);
    must(
      !isKnown || isSilent || heard >= least,
      () => `${what}: complete, but ${heard} of ${done.durationMs} ms were heard`,
    );
  }
  if (mayEndEarly(said, evening.said)) return;
  must(!done.cancelled, () => `line ${number} is reported as cancelled, which nobody did`);
  const isWell = done.problems.length === 0;
  for (const page of evening.pages) {
    const isThere = page.isListening && page.welcomedAt < said.spokenAt && isFor(said, page.player);
    if (!isThere || page.wasSlow || !page.isUntroubled(said.spokenAt, said.doneAt) || !isWell) continue;
    const own = done.players.find(({ player }) => player === page.player);
    must(
      own?.complete === true,
      () => `line ${number}: ${page.name} heard all, but ${JSON.stringify(own)} is reported`,
    );
  }
}

/** What a server reports of lines that the ones before it have said is what ears heard of them, as they said. @throws Fault */
export function checkReportsOfBefore({ server, said, pages }: Evening): void {
  for (const { state, report } of server.party?.streams.log.recent ?? []) {
    const own = said.find(({ id }) => id === report.utterance);
    // What became of others was known before, and looked at as theirs.
    if (!own || own.server === server || own.done) continue;
    for (const { player, complete, heardMs } of report.players) {
      const theirs = pages.filter((page) => page.player === player);
      // Who has no word for it is believed by the time.
      if (!theirs.every(({ options, clips }) => options.reports && clips.visits.length === 0)) continue;
      const what = `line ${own.number}, ${state} before the restart, as reported of ${player}`;
      must(isFor(own, player), () => `${what}: it was not for them`);
      const heard = sum(theirs.map((page) => heardBy(page, own)));
      must(heardMs <= heard + MISSED_MS, () => `${what}: ${heardMs} ms heard, but it was ${heard}`);
      const least = report.durationMs - Math.max(MISSED_MS, report.durationMs * MISSED_SHARE);
      const isSilent = theirs.some(({ isMuted, wasSlow }) => isMuted || wasSlow);
      must(
        !complete || isSilent || heard >= least,
        () => `${what}: complete, but ${heard} of ${report.durationMs} ms were heard`,
      );
    }
  }
}

/** Whether the table can know how far it is heard: by the page's own word, or because nothing gets lost. */
function isToldBy(page: Page, said: Said): boolean {
  const toldAt = hearingOf(page, said)?.reportedAt ?? Number.POSITIVE_INFINITY;
  const hasSpoken = toldAt + UNDER_WAY_MS < said.doneAt;
  // That it was closed is told, too.
  return hasSpoken || page.isUntroubled(said.spokenAt, Math.min(said.doneAt, page.leftAt));
}

function hearingOf({ frames }: Page, said: Said): Hearing | undefined {
  return [...(frames?.hearings.values() ?? [])].find(({ line }) => line === said.number);
}

function heardBy(page: Page, said: Said): number {
  const onDm20 = Math.max(0, ...page.clips.visits.map((visit) => heardOn(visit, page, said)));
  return (hearingOf(page, said)?.heardMs ?? 0) + onDm20;
}

/** What may have been heard of it on one dm20 connection: what came, and no more than there was time for. */
function heardOn({ clips }: Visit, { leftAt }: Page, said: Said): number {
  const came = said.sentences.map((_, at) => clips.get(nameOf(said.number, at)));
  const first = came.find((at) => at !== undefined);
  if (first === undefined) return 0;
  const lengths = said.sentences.map(({ packets }, at) => (came[at] === undefined ? 0 : 20 * packets));
  return Math.min(sum(lengths), leftAt - first);
}

function textsOf(page: Page, said: Said): readonly string[] {
  const names = said.sentences.map((_, at) => nameOf(said.number, at));
  const visits = page.clips.visits.map((visit) => visit.texts.filter((text) => names.includes(text)));
  const all = [hearingOf(page, said)?.texts ?? [], ...visits];
  return all.reduce((most, texts) => (texts.length > most.length ? texts : most), []);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
