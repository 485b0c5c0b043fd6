import { expect, test } from "bun:test";
import { socketOf, tableAddress } from "../../src/element/table-address.ts";

test("importing the element where there is no page does nothing, and the hook needs none to be made", async () => {
  expect(globalThis.customElements).toBeUndefined();
  const { BardcastPlayer } = await import("../../src/element/index.ts");
  expect(typeof BardcastPlayer).toBe("function");
  const { createUseBardcast } = await import("../../src/element/react.ts");
  const hooks = {
    useEffect: () => undefined,
    useRef: <T>(current: T) => ({ current }),
    useState: <T>(first: T) => [first, () => undefined] as [T, () => void],
  };
  const { listen, ...seen } = createUseBardcast(hooks)("https://party.example", "x");
  expect(seen).toEqual({ connection: "closed", sound: "locked", lines: [], spoken: undefined });
  listen();
});

test("a table is found by its address and by a player's link, whose token is apart from it", () => {
  const read = (text: string): unknown => {
    const found = tableAddress(text, "https://wiki.example/campaign/page");
    return found && [found.table.href, found.token];
  };
  expect(read("https://party.example")).toEqual(["https://party.example/", undefined]);
  expect(read("http://192.168.1.7:8080/table")).toEqual(["http://192.168.1.7:8080/table/", undefined]);
  expect(read("https://party.example/table/play?token=a.b#x")).toEqual([
    "https://party.example/table/",
    "a.b",
  ]);
  expect(read("wss://party.example/ws?token=a.b")).toEqual(["wss://party.example/", "a.b"]);
  expect(read("https://party.example/display")).toEqual(["https://party.example/display/", undefined]);
  expect(read("/table/")).toEqual(["https://wiki.example/table/", undefined]);
  for (const wrong of ["javascript:alert(1)", "http://", "mailto:a@b"]) expect(read(wrong)).toBeUndefined();
  const table = tableAddress("https://party.example/table", "https://wiki.example");
  if (!table) throw new Error("that is an address");
  expect(socketOf({ ...table, token: "a.b" }).href).toBe("wss://party.example/table/ws?token=a.b");
});
