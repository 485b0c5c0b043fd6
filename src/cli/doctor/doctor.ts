import { parsePublicUrl } from "../../server/network/public-base.ts";
import { commandLine } from "../command-line.ts";
import { EXIT } from "../exit-codes.ts";
import { enginesOf, portOf } from "../options.ts";
import { runningTable } from "../table/table-file.ts";
import { tellFailure } from "../tell-failure.ts";
import { say, sayJson } from "../terminal.ts";
import type { TypedDoctorOptions } from "./doctor-options.ts";
import type { Finding, State } from "./finding.ts";
import { networkFindings } from "./network-checks.ts";
import { speechFindings } from "./speech-checks.ts";
import { folderFindings, runtimeFinding } from "./system-checks.ts";

const MARKS: Readonly<Record<State, string>> = { ok: "ok      ", note: "note    ", problem: "PROBLEM " };

/** `doctor`: looks at all that a table needs; the exit code says whether it would speak. */
export async function runDoctor(typed: TypedDoctorOptions): Promise<number> {
  try {
    const findings = await look(typed);
    const speaks = findings.every(({ state }) => state !== "problem");
    if (typed.json) sayJson({ speaks, findings });
    else tell(findings, speaks);
    return speaks ? EXIT.done : EXIT.failed;
  } catch (error) {
    return tellFailure(error, `See ${commandLine("doctor --help")}`);
  }
}

async function look({ port, host, campaign, publicUrl, engine }: TypedDoctorOptions): Promise<Finding[]> {
  const place = {
    port: portOf(port),
    host,
    publicUrl: publicUrl === undefined ? undefined : parsePublicUrl(publicUrl),
  };
  const engines = enginesOf(engine);
  return [
    runtimeFinding(process.versions),
    ...(await folderFindings(campaign)),
    ...(await speechFindings(engines)),
    ...(await networkFindings(place, await runningTable(campaign))),
  ];
}

function tell(findings: readonly Finding[], speaks: boolean): void {
  for (const { check, state, says, mend } of findings) {
    say(`${MARKS[state]}${check}: ${says}`);
    if (mend !== undefined) say(`          ${mend}`);
  }
  say("");
  say(speaks ? "The table would speak." : "The table would not speak: mend what is marked PROBLEM.");
}
