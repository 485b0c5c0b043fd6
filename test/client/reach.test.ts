import { expect, test } from "bun:test";
import { type ReachOptions, type UnreachableCode, whyUnreachable } from "../../src/client/reach.ts";

const WIKI = "https://wiki.example/page";
const LAN = "http://192.168.1.7:8080";
const silent = (): Promise<unknown> => Promise.reject(new TypeError("Failed to fetch"));
const answering = (): Promise<unknown> => Promise.resolve({});

/** A browser that knows these permissions, and throws at the names of others, as browsers do. */
function browser(states: Record<string, PermissionState>): NonNullable<ReachOptions["permissions"]> {
  return {
    query({ name }) {
      const state = states[name];
      if (state === undefined) throw new TypeError(`'${name}' is not a valid enum value`);
      return Promise.resolve({ state });
    },
  };
}

async function codeOf(table: string, options: ReachOptions): Promise<UnreachableCode> {
  const { code, message } = await whyUnreachable(table, {
    fetch: silent,
    permissions: undefined,
    page: WIKI,
    ...options,
  });
  expect(message.length).toBeGreaterThan(20);
  return code;
}

test("who said no is told apart from who was not asked, by the old name of the permission and by the new ones", async () => {
  for (const name of ["local-network", "local-network-access"]) {
    expect(await codeOf(LAN, { permissions: browser({ [name]: "denied" }) })).toBe("local-network-denied");
    expect(await codeOf(LAN, { permissions: browser({ [name]: "prompt" }) })).toBe("local-network-prompt");
    expect(await codeOf("https://192.168.1.7", { permissions: browser({ [name]: "granted" }) })).toBe(
      "unreachable",
    );
  }
  const own = browser({ "loopback-network": "denied", "local-network": "granted" });
  expect(await codeOf("ws://localhost:8080/ws?token=x", { permissions: own })).toBe("local-network-denied");
  expect(await codeOf("https://10.0.0.2", { permissions: own })).toBe("unreachable");
});

test("only who goes to a more private place is asked: of a name nobody knows where it leads", async () => {
  const permissions = browser({ "local-network": "denied", "loopback-network": "denied" });
  for (const table of ["https://party.example", "https://203.0.113.9", "https://172.32.0.1"])
    expect(await codeOf(table, { permissions })).toBe("unreachable");
  for (const table of ["http://172.16.0.1", "http://[fd00::1]", "http://[fe80::1]", "http://bard.local"])
    expect(await codeOf(table, { permissions })).toBe("local-network-denied");
  expect(await codeOf(LAN, { permissions, page: "http://192.168.1.9/" })).toBe("unreachable");
  expect(await codeOf("http://127.0.0.1:8080", { permissions, page: "http://192.168.1.9/" })).toBe(
    "local-network-denied",
  );
});

test("an encrypted page and a table that is not: only this machine, and what the browser may be asking about, are left", async () => {
  expect(await codeOf("http://party.example", {})).toBe("mixed-content");
  expect(await codeOf(LAN, {})).toBe("mixed-content");
  expect(await codeOf("http://party.example", { page: "http://wiki.example" })).toBe("unreachable");
  expect(await codeOf("http://localhost:8080", {})).toBe("unreachable");
  expect(await codeOf(LAN, { permissions: browser({ "local-network": "prompt" }) })).toBe(
    "local-network-prompt",
  );
});

test("whatever answers and lets nobody read it does not let this site in; the token is not sent along", async () => {
  const asked: [string, RequestInit][] = [];
  const fetch = (url: URL, init: RequestInit): Promise<unknown> => {
    asked.push([url.href, init]);
    return answering();
  };
  expect(await codeOf("wss://party.example/ws?token=secret", { fetch })).toBe("origin-refused");
  expect(asked.map(([url, { mode, credentials }]) => [url, mode, credentials])).toEqual([
    ["https://party.example/ws", "no-cors", "omit"],
  ]);
});
