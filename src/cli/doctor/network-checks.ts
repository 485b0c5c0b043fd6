import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { messageOf } from "../../core/errors.ts";
import { isEverywhere, isLoopback, lanAddresses } from "../../server/network/addresses.ts";
import { commandLine } from "../command-line.ts";
import type { RunningTable } from "../table/table-file.ts";
import type { Finding } from "./finding.ts";

/** Where a table would be served. */
export interface Place {
  host: string;
  /** 0: a free one. */
  port: number;
  publicUrl: string | undefined;
}

/** @param table the one that runs in the campaign's folder, whose port is its own */
export async function networkFindings(place: Place, table: RunningTable | undefined): Promise<Finding[]> {
  return [await portFinding(place, table), ...(await reachFindings(place)), contextFinding(place)];
}

async function portFinding({ host, port }: Place, table: RunningTable | undefined): Promise<Finding> {
  const check = "port";
  if (table && Number(new URL(table.url).port) === port)
    return { check, state: "ok", says: `${port} is the running table's` };
  // There, who may not listen is told past everybody.
  if ("Deno" in globalThis) {
    return { check, state: "note", says: `whether ${port} is free is seen when the table starts` };
  }
  try {
    await listen(host, port);
    return { check, state: "ok", says: port === 0 ? "a free one is taken" : `${port} is free` };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") {
      return {
        check,
        state: "problem",
        says: `${port} is taken by another program`,
        mend: commandLine(`--port ${port + 1}`),
      };
    }
    const mend =
      code === "EACCES"
        ? "take one above 1023"
        : "leave --host out: a table listens on all addresses of this machine";
    return { check, state: "problem", says: `${host}:${port}: ${messageOf(error)}`, mend };
  }
}

/** Listens, and stops at once. */
function listen(host: string, port: number): Promise<void> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
  });
}

async function reachFindings({ host, port, publicUrl }: Place): Promise<Finding[]> {
  const check = "addresses";
  if (publicUrl !== undefined) return [{ check, state: "ok", says: `players come to ${publicUrl}` }];
  if (isLoopback(host)) {
    return [{ check, state: "note", says: "only this machine can join", mend: "leave --host out" }];
  }
  if (!isEverywhere(host)) return [{ check, state: "ok", says: `players come to ${host}` }];
  const addresses = lanAddresses();
  if (addresses?.[0] === undefined) {
    return [
      {
        check,
        state: "note",
        says: "this machine is on no IPv4 network: nobody else can join",
        mend: "join the Wi-Fi that the phones are in",
      },
    ];
  }
  const others = addresses.length > 1 ? `; also ${addresses.slice(1).join(", ")}` : "";
  return [
    {
      check,
      state: "ok",
      says: `players come to ${addresses[0]}${others}`,
      mend: "phones must be in the same network, not in one for guests",
    },
    { check: "firewall", ...(await firewall(port)) },
  ];
}

/** What of a firewall can be seen, and how it lets players in. @param port theirs */
async function firewall(port: number): Promise<Omit<Finding, "check">> {
  const door = port === 0 ? "PORT" : String(port);
  if (process.platform === "win32") return hint("when Windows asks, allow Node.js on private networks");
  if (process.platform === "darwin")
    return hint("System Settings, Network, Firewall: allow node to receive connections");
  const ufw = await readFile("/etc/ufw/ufw.conf", "utf8").catch(() => "");
  if (!/^ENABLED=yes/im.test(ufw))
    return hint(
      `let phones in on TCP ${door}: sudo ufw allow ${door}/tcp, or sudo firewall-cmd --add-port=${door}/tcp`,
    );
  return { state: "note", says: "ufw is on: phones may be kept out", mend: `sudo ufw allow ${door}/tcp` };
}

function hint(mend: string): Omit<Finding, "check"> {
  return {
    state: "ok",
    says: "whether one keeps phones out cannot be seen from here",
    mend: `where a phone gets no page: ${mend}`,
  };
}

function contextFinding({ publicUrl }: Place): Finding {
  const check = "secure context";
  if (publicUrl?.startsWith("https:"))
    return { check, state: "ok", says: "https: phones can do all they are able to" };
  const says =
    "plain http: sound and captions work; a phone's screen may fall asleep, and the page cannot be installed";
  return {
    check,
    state: "ok",
    says,
    mend: "for more, a proxy with https and --public-url: docs/deploying.md",
  };
}
