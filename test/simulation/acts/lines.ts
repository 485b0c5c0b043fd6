import { must } from "../checks/fault.ts";
import { nameOf, type Said, textOf } from "../checks/said.ts";
import type { Evening } from "../evening.ts";
import type { SpeakAct } from "../plan.ts";

/** A line of one sentence that everybody hears. */
export function toAll(packets: number): SpeakAct {
  return {
    act: "speak",
    to: "all",
    sentences: [{ packets, moods: {} }],
    way: "party",
    priority: 1,
    interrupt: false,
    written: null,
  };
}

/** Says a line, and notes what becomes of it. */
export function speak(evening: Evening, act: SpeakAct): void {
  const { script, said, world } = evening;
  const number = said.length;
  for (const [at, sentence] of act.sentences.entries()) script.sentences.set(nameOf(number, at), sentence);
  const { to, sentences, priority, interrupt, way, written } = act;
  const own: Said = {
    number,
    to,
    sentences,
    isWritten: written !== null && way === "party",
    priority,
    interrupt,
    server: evening.server,
    spokenAt: world.time.now,
    isCancelled: false,
    isCutOff: false,
    isKept: false,
    abort: new AbortController(),
    hasSignal: way === "party",
    utterance: undefined,
    id: undefined,
    handedOver: undefined,
    done: undefined,
    handedOverAt: Number.POSITIVE_INFINITY,
    doneAt: Number.POSITIVE_INFINITY,
    cancelledAt: Number.POSITIVE_INFINITY,
    pending: new Set(),
  };
  said.push(own);
  const texts = sentences.map((_, at) => textOf(own, at));
  const { party, realm } = evening.server;
  if (way === "party") {
    const text = written ? slowly(texts, written) : texts.join(" ");
    if (written?.breaks) own.isCancelled = true;
    world.do(realm, () => {
      if (!party) return;
      const utterance = party.speak({ text, to, priority, interrupt, signal: own.abort.signal });
      follow(evening, own, utterance.id);
    });
    return;
  }
  const body = { text: texts.join(" "), to, priority, interrupt };
  own.pending.add("the answer");
  evening.ask(
    "POST",
    "speak",
    body,
    (answer) => {
      own.pending.delete("the answer");
      must(typeof answer.utterance === "string", () => `a line was answered with ${JSON.stringify(answer)}`);
      if (way === "http-async") follow(evening, own, answer.utterance);
    },
    way === "http-async" ? { Prefer: "respond-async" } : {},
  );
  if (way === "http") {
    const active = evening.server.party?.streams.utterances.findLast((each) => each.texts.text === body.text);
    if (active) follow(evening, own, active.id);
  }
}

function follow(evening: Evening, own: Said, id: string): void {
  own.id = id;
  const utterance = own.server.party?.streams.utterances.find((active) => active.id === id);
  if (!utterance) return;
  own.utterance = utterance;
  own.pending.add("handedOver").add("done");
  void utterance.handedOver.then((report) => {
    own.handedOver = report;
    own.handedOverAt = evening.world.time.now;
    own.pending.delete("handedOver");
    own.isKept = !report.cancelled && evening.keepsWell(own.server);
    evening.onTold?.();
  });
  void utterance.done.then((report) => {
    own.done = report;
    own.doneAt = evening.world.time.now;
    own.pending.delete("done");
  });
}

/** Cancels a line, now or in the turn of a worker's next answer. */
export function cancelAt(
  evening: Evening,
  line: number,
  way: "handle" | "http" | "signal",
  moment: number | null,
): void {
  if (moment === null) {
    cancel(evening, line, way);
    return;
  }
  evening.world.onAnswer.push(async () => {
    for (let tick = 0; tick < moment; tick++) await undefined;
    const said = evening.said[line];
    if (said && !said.done) said.isCancelled = true;
    if (said?.server === evening.server) said.utterance?.cancel();
  });
}

function cancel(evening: Evening, line: number, way: "handle" | "http" | "signal"): void {
  const said = evening.said[line];
  if (!said || said.server !== evening.server) return;
  if (!said.done) said.isCancelled = true;
  if (way === "http") {
    if (said.id !== undefined) evening.ask("DELETE", `speak/${said.id}`);
  } else {
    evening.world.do(evening.server.realm, () => {
      if (way === "signal" && said.hasSignal) said.abort.abort();
      else said.utterance?.cancel();
      if (said.utterance) said.cancelledAt = Math.min(said.cancelledAt, evening.world.time.now);
    });
  }
}

async function* slowly(
  texts: readonly string[],
  { gapMs, breaks }: { gapMs: number; breaks: boolean },
): AsyncGenerator<string> {
  for (const text of texts) {
    await new Promise((resolve) => setTimeout(resolve, gapMs));
    yield `${text} `;
  }
  if (breaks) throw new Error("whoever wrote it is gone");
}
