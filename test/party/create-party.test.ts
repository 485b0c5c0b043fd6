import { expect, test } from "bun:test";
import { deferred } from "../../src/core/deferred.ts";
import { createParty } from "../../src/party/create-party.ts";

test("a table that cannot be set leaves no worker behind", async () => {
  const ended = deferred();
  const createWorker = (): Worker => {
    const worker = new Worker(new URL("../../workers/speech.ts", import.meta.url), { type: "module" });
    worker.addEventListener("close", () => ended.resolve());
    return worker;
  };
  const options = { tiers: { speed: ["nobody"] }, pool: { createWorker, size: 1 } };
  await expect(createParty(options)).rejects.toThrow('a tier names "nobody"');
  await ended.promise;
});
