import { expect, test } from "bun:test";
import { deferred } from "../../../../src/core/async/deferred.ts";
import { converse } from "../../../../src/engines/services/net/web-socket.ts";
import { SocketService } from "../../../support/services/socket-service.ts";
import { failure } from "../../../support/services/speaking.ts";

test("a service that sends more than anybody reads is left, not collected", async () => {
  const sent = deferred();
  const megabyte = "x".repeat(1024 * 1024);
  await using service = await SocketService.start({
    onMessage(_, socket) {
      for (let count = 0; count < 48; count++) socket.send(megabyte);
      socket.send("the end", () => sent.resolve());
    },
  });
  const call = { signal: new AbortController().signal, connected: () => undefined };
  const messages = converse(service.url, ["go"], call);
  await messages.next();
  await sent.promise;
  await Bun.sleep(100);
  let read = 1;
  const reading = (async () => {
    for await (const _ of messages) read += 1;
  })();
  expect((await failure(reading)).message).toBe("the connection broke");
  expect(read).toBeLessThan(44);
});
