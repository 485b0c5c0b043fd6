/**
 * Asks npm whether something that is installed along with the package has a known weakness. Where nobody can be asked,
 * that is told, and is no failure: what is wrong then is the way to the registry.
 * @module
 */

interface Audit {
  vulnerabilities?: Record<string, { name: string; severity: string; range: string }>;
}

const { stdout } = Bun.spawnSync(["npm", "audit", "--omit=dev", "--json"], { stderr: "ignore" });
const found = vulnerabilitiesIn(stdout.toString());

if (found === undefined) {
  console.log("ATTENTION: no registry here answers an audit, so no known weakness was looked for.");
} else {
  for (const { name, severity, range } of found) console.log(`${severity}: ${name} ${range}`);
  process.exitCode = found.length === 0 ? 0 : 1;
}

/** Undefined where there is no answer. */
function vulnerabilitiesIn(json: string): NonNullable<Audit["vulnerabilities"]>[string][] | undefined {
  try {
    const { vulnerabilities }: Audit = JSON.parse(json);
    return vulnerabilities && Object.values(vulnerabilities);
  } catch {
    return undefined;
  }
}
