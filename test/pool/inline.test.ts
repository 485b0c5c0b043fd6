import { describe, expect, test } from "bun:test";
import type { SpeakingEngine } from "../../src/engines/contract/sentence-job.ts";
import { createSpeechHost } from "../../src/pool/create-speech-host.ts";
import { createInlineHost } from "../../src/pool/inline.ts";
import type { SpeechHost } from "../../src/pool/speech-host.ts";
import { ATTEMPTS, counted, createTally, PIECES, STOPPED, untilCounted } from "../fixtures/engines/tally.ts";
import { codeOf, collect, job, messages, mishap, tone, unready } from "./speaking.ts";

function first(host: SpeechHost): SpeakingEngine {
  return host.engines[0] as SpeakingEngine;
}

describe("this thread as a host", () => {
  test("speaks one sentence at a time", async () => {
    const tally = createTally();
    const host = await createInlineHost({ engines: [tone({ tally })] });
    const lines = first(host).speak(job("one"))[Symbol.asyncIterator]();
    await lines.next();
    const other = collect(first(host).speak(job("two")));
    await Bun.sleep(5);
    expect(counted(tally, ATTEMPTS)).toBe(1);
    expect(host.status()).toEqual({ kind: "inline", workers: 0, busy: 1, queued: 1, restarts: 0 });
    await lines.return?.();
    expect(messages(await other)).not.toBeEmpty();
    await host.close();
  });

  test("lets others have a turn between the pieces", async () => {
    const host = await createInlineHost({ engines: [tone({ pieces: 50 })] });
    let turns = 0;
    const clock = setInterval(() => turns++, 0);
    await collect(first(host).speak(job()));
    clearInterval(clock);
    expect(turns).toBeGreaterThan(0);
    await host.close();
  });

  test("cancels at once and frees itself", async () => {
    const tally = createTally();
    const host = await createInlineHost({ engines: [mishap({ mishap: "hang", times: 1, tally })] });
    const stop = new AbortController();
    const line = codeOf(collect(first(host).speak(job(), { signal: stop.signal })));
    await untilCounted(tally, PIECES, 2);
    stop.abort();
    expect(await line).toBe("cancelled");
    expect(counted(tally, STOPPED)).toBe(1);
    expect(messages(await collect(first(host).speak(job())))).not.toBeEmpty();
    await host.close();
  });

  test("gives up an engine that hangs", async () => {
    const host = await createInlineHost({
      engines: [mishap({ mishap: "hang", times: 1, tally: createTally() })],
      hangMs: 200,
    });
    expect(await codeOf(collect(first(host).speak(job())))).toBe("engine-hung");
    expect(messages(await collect(first(host).speak(job())))).not.toBeEmpty();
    await host.close();
  });

  test("closing ends what is spoken and what waits", async () => {
    const tally = createTally();
    const host = await createInlineHost({ engines: [mishap({ mishap: "hang", tally })] });
    const lines = [1, 2].map(() => codeOf(collect(first(host).speak(job()))));
    await untilCounted(tally, PIECES, 2);
    await host.close();
    await host.close();
    expect(await Promise.all(lines)).toEqual(["closed", "closed"]);
    expect(await codeOf(collect(first(host).speak(job())))).toBe("closed");
  });

  test("reports an engine that cannot be warmed up", async () => {
    const host = await createInlineHost({ engines: [unready("throws"), tone()] });
    expect(await Promise.all(host.engines.map((engine) => engine.isAvailable()))).toEqual([false, true]);
    await host.close();
  });
});

describe("the choice of a host", () => {
  test("is a pool where workers can be made", async () => {
    const host = await createSpeechHost({ engines: [tone()], size: 1 });
    expect(host.status()).toMatchObject({ kind: "pool", workers: 1 });
    await host.close();
  });

  test("is this thread where no engine needs a worker", async () => {
    const host = await createSpeechHost({ engines: [] });
    expect(host.status().kind).toBe("inline");
    expect(host.engines).toEqual([]);
    await host.close();
  });
});
