import { PartyClient, type PartyClientOptions } from "../../client/index.ts";
import { WorkerClient } from "../../client/worker/worker-client.ts";

/** Built beside this page's script. */
const WORKER = new URL("assets/listener.js", document.baseURI);
/** Silence is noticed within both of these together: a person who waits for words wants to know. */
const PROBE_MS = 2_000;
const SILENCE_MS = 5_000;

export type TableLink = PartyClient | WorkerClient;

/** What a page may ask of its table. */
export type LinkOptions = Pick<PartyClientOptions, "codecs" | "sync" | "told">;

/** Out of step nothing is to be gained by a worker; in step a busy page must not be in the way. */
export function newTableLink(url: URL, options: LinkOptions): TableLink {
  const patient = { ...options, url, probeMs: PROBE_MS, silenceMs: SILENCE_MS };
  if (options.sync === false) return new PartyClient(patient);
  return new WorkerClient({ ...patient, createWorker });
}

/** Where its script does not come, the page does without: words first. What goes wrong in it later says why. */
function createWorker(): Worker {
  const worker = new Worker(WORKER, { type: "module" });
  worker.onerror = (event) => {
    if (event instanceof ErrorEvent) return;
    const url = new URL(location.href);
    url.searchParams.set("sync", "off");
    // The entry in the tab's history has the token.
    history.replaceState(history.state, "", url);
    location.reload();
  };
  return worker;
}
