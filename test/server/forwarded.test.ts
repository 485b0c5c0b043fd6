import { expect, test } from "bun:test";
import { Forwarding, type TrustProxy } from "../../src/server/network/forwarded.ts";

const PROXY = "127.0.0.1";

function visit(headers: Record<string, string>, peer: string | undefined = PROXY, trust?: TrustProxy) {
  const { origin, ...rest } = new Forwarding(trust).visit(
    new Request("http://10.0.0.1:8080/play", { headers }),
    peer,
  );
  return { ...rest, origin: origin.origin };
}

test("what a proxy on this machine says of scheme, host, prefix and client is believed", () => {
  const headers = {
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "party.example",
    "X-Forwarded-Prefix": "/table/",
    "X-Forwarded-For": "203.0.113.9",
  };
  expect(visit(headers)).toEqual({
    address: "203.0.113.9",
    isTrusted: false,
    origin: "https://party.example",
    prefix: "/table",
  });
});

test("a stranger's headers are passed over, an unknown peer's too, and everybody's where nobody is trusted", () => {
  const headers = { "X-Forwarded-Host": "evil.example", "X-Forwarded-For": "203.0.113.9" };
  for (const [peer, trust] of [
    ["192.168.1.7", undefined],
    [undefined, undefined],
    [PROXY, false],
  ] as const) {
    const seen = new Forwarding(trust).visit(new Request("http://10.0.0.1:8080/", { headers }), peer);
    expect([seen.origin.origin, seen.address, seen.prefix]).toEqual(["http://10.0.0.1:8080", peer, ""]);
  }
});

test("RFC 7239 says it too, quoted or not, in any case", () => {
  const forwarded = 'For="[2001:db8::17]:4711";Proto=https;Host="party.example:8443", for=127.0.0.1';
  expect(visit({ Forwarded: forwarded })).toEqual({
    address: "2001:db8::17",
    isTrusted: false,
    origin: "https://party.example:8443",
    prefix: "",
  });
  expect(visit({ Forwarded: 'for="a, b; c";host=party.example' }).origin).toBe("http://party.example");
});

test("the client is the last address that no trusted proxy vouches for: what stands before it may be made up", () => {
  const chain = { "X-Forwarded-For": "1.2.3.4, 198.51.100.2, 10.1.2.3" };
  expect(visit(chain, PROXY, ["loopback", "10.0.0.0/8"]).address).toBe("198.51.100.2");
  expect(visit(chain, PROXY).address).toBe("10.1.2.3");
  expect(visit(chain, "192.0.2.1", true).address).toBe("10.1.2.3");
  expect(visit({ "X-Forwarded-For": "1.2.3.4, unknown" }).address).toBe(PROXY);
  expect(visit({ "X-Forwarded-For": "127.0.0.1" }).address).toBe("127.0.0.1");
});

test("who is trusted and speaks for itself is told from whom it speaks for", () => {
  expect(visit({})).toMatchObject({ address: "127.0.0.1", isTrusted: true });
  expect(visit({}, "::ffff:127.0.0.1")).toMatchObject({ address: "127.0.0.1", isTrusted: true });
  expect(visit({}, "::1")).toMatchObject({ isTrusted: true });
  expect(visit({}, "172.20.0.3", ["private"])).toMatchObject({ isTrusted: true });
  expect(visit({}, "172.32.0.3", ["private"])).toMatchObject({ isTrusted: false });
});

test("what is no scheme, no host and no path does not get into a link", () => {
  for (const headers of [
    { "X-Forwarded-Proto": "javascript" },
    { "X-Forwarded-Host": "user@evil.example" },
    { "X-Forwarded-Host": "evil.example/path" },
    { "X-Forwarded-Host": "" },
    { "X-Forwarded-Prefix": "//evil.example" },
    { "X-Forwarded-Prefix": "/a/../b" },
    { "X-Forwarded-Prefix": "/a?b=c" },
    { Forwarded: "host=" },
  ]) {
    expect(visit(headers)).toMatchObject({ origin: "http://10.0.0.1:8080", prefix: "" });
  }
});

test("what is no network is refused when it is given, and told", () => {
  for (const name of ["10.0.0.0/33", "10.0.0.0/", "party.example", "1.2.3", "::1/129", ""]) {
    expect(() => new Forwarding([name])).toThrow(`not "${name}"`);
  }
});
