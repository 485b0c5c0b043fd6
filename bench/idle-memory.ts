import { addedRow, type Row } from "./row.ts";
import { House } from "./support/house.ts";
import type { RuntimeName } from "./support/runtime-name.ts";

/** What a runtime sets up once is set up by these. */
const FIRST = 500;
const MORE = 2500;
const KIBIBYTE = 1024;

/** What a connection costs that only waits: of the process's memory, not of the kernel's. */
export async function idleMemory(runtime: RuntimeName): Promise<Row[]> {
  const rows: Row[] = [];
  for (const encoding of ["dm20", "opus"] as const) {
    const control = await perConnection(runtime, "bare", encoding);
    const value = await perConnection(runtime, "table", encoding);
    const name = `memory of an idle connection, ${encoding === "dm20" ? "dm20" : "v2"}`;
    rows.push(addedRow(name, { value, control, unit: "KB", controlName: "a bare socket" }, 8));
  }
  return rows;
}

/** KB */
async function perConnection(
  runtime: RuntimeName,
  name: "table" | "bare",
  encoding: "dm20" | "opus",
): Promise<number> {
  await using house = await House.open(runtime, name, { encoding });
  await house.fill(FIRST);
  const before = await house.server.call<number>("rss");
  await house.fill(FIRST + MORE);
  const after = await house.server.call<number>("rss");
  return (after - before) / MORE / KIBIBYTE;
}
