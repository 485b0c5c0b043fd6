/**
 * The worker that looks for probes in what a microphone hears. Nothing of it leaves: what is said is when one was heard.
 * @module
 */
import { Hearing } from "./hearing.ts";
import type { FromHearing, FromMicrophone, ToHearing } from "./hearing-messages.ts";

interface Scope {
  onmessage: ((event: MessageEvent<ToHearing>) => void) | null;
  postMessage(message: FromHearing): void;
}

const scope = globalThis as unknown as Scope;
/** Probes that are waited for; a tuning has as many as its devices have rounds. */
const MAX_WAITING = 1_024;

let hearing: Hearing | undefined;
let wasSteady = false;
let waiting: Extract<ToHearing, { type: "find" }>[] = [];

scope.onmessage = ({ data }) => {
  if (data.type === "hear") hear(data);
  else if (waiting.length < MAX_WAITING) waiting.push(data);
};

function hear({ sampleRate, port }: Extract<ToHearing, { type: "hear" }>): void {
  const heard = new Hearing(sampleRate);
  hearing = heard;
  port.onmessage = ({ data }: MessageEvent<FromMicrophone>) => {
    heard.take(data, performance.timeOrigin + performance.now());
    if (heard.isSteady && !wasSteady) scope.postMessage({ type: "steady" });
    wasSteady = heard.isSteady;
    look();
  };
}

/** Looks for what may have been heard by now. */
function look(): void {
  const due = waiting.filter(({ atMs }) => hearing?.hasHeard(atMs));
  waiting = waiting.filter((each) => !due.includes(each));
  for (const { id, root, atMs } of due)
    if (hearing) scope.postMessage({ type: "found", id, ...hearing.find(root, atMs) });
}
