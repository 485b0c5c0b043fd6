import { afterEach, beforeEach, expect, test } from "bun:test";
import { DeafError } from "../../src/web/ear/microphone.ts";
import { type Ear, PhoneEar } from "../../src/web/ear/phone-ear.ts";

const scope = globalThis as { isSecureContext?: boolean };
const FIND = { type: "tune.find", root: 25, momentAt: 90_000 };

beforeEach(() => {
  scope.isSecureContext = true;
  Object.defineProperty(navigator, "mediaDevices", { value: {}, configurable: true });
});
afterEach(() => {
  delete scope.isSecureContext;
  Reflect.deleteProperty(navigator, "mediaDevices");
});

interface Answers {
  allow: () => void;
  refuse: () => void;
}

/** A phone with a player who answers, and an ear that opens when it is let to. */
function rig(open?: () => Promise<Ear>) {
  const sent: object[] = [];
  const asked: Answers[] = [];
  const shown: string[] = [];
  const found: [root: number, atMs: number][] = [];
  let opened = 0;
  const ear: Ear = {
    isProcessed: false,
    steady: Promise.resolve(),
    find: async (root, atMs) => {
      found.push([root, atMs]);
      return { lateMs: 12.5, likeness: 0.4, isHeard: true };
    },
    close: () => shown.push("microphone closed"),
  };
  const phone = new PhoneEar({
    table: { clockOffsetMs: 50_000, send: (message) => sent.push(message) > 0 },
    ask: (answers) => {
      asked.push(answers);
      return { listening: () => shown.push("listening"), close: () => shown.push("question closed") };
    },
    open: () => {
      opened += 1;
      return open ? open() : Promise.resolve(ear);
    },
  });
  const on = (): void => phone.take({ type: "tune.ear", on: true });
  return { phone, on, sent, asked, shown, found, opens: () => opened };
}

const settle = (): Promise<void> => Bun.sleep(1);

test("a phone listens once its player has allowed it, tells when it heard what, and nothing else", async () => {
  const { phone, on, sent, asked, shown, found, opens } = rig();
  on();
  phone.take(FIND);
  await settle();
  expect([sent, opens()]).toEqual([[{ type: "tune.hearing", state: "asked" }], 0]);
  asked[0]?.allow();
  await settle();
  expect([sent[1], shown]).toEqual([{ type: "tune.hearing", state: "ready" }, ["listening"]]);
  phone.take(FIND);
  await settle();
  expect(sent.slice(2)).toEqual([{ ...FIND, type: "tune.found", lateMs: 12.5, isHeard: true }]);
  // The server's clock is so far ahead of this page's.
  const [[root, atMs] = [0, 0]] = found;
  expect([root, atMs - performance.timeOrigin]).toEqual([25, 40_000]);
  phone.take({ type: "tune.ear", on: false });
  phone.take(FIND);
  await settle();
  expect([shown, sent.length]).toEqual([["listening", "question closed", "microphone closed"], 3]);
});

test.each([
  ["refused", (answers: Answers) => answers.refuse(), undefined],
  ["none", undefined, () => Promise.reject(new DeafError("none"))],
  ["broken", undefined, () => Promise.reject(new Error("no worklet"))],
] as const)("a phone that does not listen says why: %s", async (state, answer, open) => {
  const { on, sent, asked, shown } = rig(open);
  on();
  const [answers] = asked;
  if (answers) (answer ?? (({ allow }: Answers) => allow()))(answers);
  await settle();
  expect(sent.at(-1)).toEqual({ type: "tune.hearing", state });
  expect(shown).toEqual(["question closed"]);
});

test("a page that may have no microphone says so, and asks nobody", async () => {
  scope.isSecureContext = false;
  const { on, sent, asked } = rig();
  on();
  expect([sent, asked]).toEqual([[{ type: "tune.hearing", state: "insecure" }], []]);
});

test("a microphone that opens when nobody wants it any more is given back at once", async () => {
  let open: (ear: Ear) => void = () => undefined;
  const { phone, on, asked, sent, shown } = rig(
    () =>
      new Promise((resolve) => {
        open = resolve;
      }),
  );
  on();
  asked[0]?.allow();
  phone.take({ type: "tune.ear", on: false });
  open({
    isProcessed: false,
    steady: Promise.resolve(),
    find: () => Promise.reject(new Error("not wanted")),
    close: () => shown.push("microphone closed"),
  });
  await settle();
  expect([shown, sent.length]).toEqual([["question closed", "microphone closed"], 1]);
});
