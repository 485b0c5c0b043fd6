/** Where a table is, and the token that a player's link carries. */
export interface TableAddress {
  /** With a slash at its end. */
  table: URL;
  token: string | undefined;
}

/**
 * Reads what people have: the table's address (`https://party.example/table`), or a player's link
 * (`https://party.example/table/play?token=…`).
 * @param base what a relative address is relative to
 * @returns undefined where it is no address of HTTP
 */
export function tableAddress(text: string, base: string): TableAddress | undefined {
  if (!URL.canParse(text, base)) return undefined;
  const table = new URL(text, base);
  if (!/^(http|ws)s?:$/.test(table.protocol)) return undefined;
  const token = table.searchParams.get("token") ?? undefined;
  table.pathname = `${table.pathname.replace(/\/(play|ws)?\/?$/, "")}/`;
  table.search = table.hash = "";
  return { table, token };
}

/** The address of the table's socket. The client takes the token out of it again, wherever that can be. */
export function socketOf({ table, token = "" }: TableAddress): URL {
  const url = new URL("ws", table);
  url.protocol = url.protocol.replace("http", "ws");
  url.searchParams.set("token", token);
  return url;
}
