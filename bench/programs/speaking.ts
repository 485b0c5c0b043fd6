/** Bardcast with its own engines and its workers, as `npm start` has it; nothing is kept, so everything is made. */
import { answer } from "../support/answer.ts";
import { serveHere } from "../support/serve-here.ts";

const { url, party } = await serveHere({ players: ["thorin"], engines: ["espeak"], cache: false });

answer({
  address: async () => `${url.replace("http", "ws")}/ws?token=${await party.tokens.issue("thorin")}`,
  api: () => `${url}/api`,
  dmToken: () => party.tokens.issueDm(),
  /** Lets the listener have heard everything. */
  async rest() {
    for (const line of party.streams.utterances) line.cancel();
    for (const { v2 } of party.connections.connectionsOf("all")) v2?.playout.clear();
    const until = performance.now() + 2_000;
    while (party.speech.busy > 0 && performance.now() < until) await new Promise((go) => setTimeout(go, 1));
  },
});
