import { expect, test } from "bun:test";
import { type ServeOptions, serve } from "../../src/server/bun.ts";

test.each<[unknown, RegExp]>([
  [{ prot: 8080 }, /^prot: there is no such field; there is: id, .*port, host/],
  [{ port: "8080" }, /^port: expected a number from 0 to 65535/],
  [{ host: 8080 }, /^host: expected a string/],
  [{ allowOrigins: "https://site.example" }, /^allowOrigins: expected a list of strings/],
  [{ engines: "espeak" }, /^engines: expected a list/],
  [{ parties: { key: "x" } }, /^parties\.key: there is no such field; there is: operatorKey/],
])("a server that is told %j is not started, and says what there is", async (options, words) => {
  const starting = serve(options as ServeOptions);
  expect(await starting.catch(({ code, message }) => ({ code, message }))).toEqual({
    code: "bad-request",
    message: expect.stringMatching(words),
  });
});
