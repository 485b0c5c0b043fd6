import lock from "../../package-lock.json" with { type: "json" };

/** A package as `package-lock.json` has it. */
export interface Locked {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  optional?: boolean;
  license?: string;
  hasInstallScript?: boolean;
  engines?: { node?: string };
}

const packages = lock.packages as Record<string, Locked>;

/**
 * What is installed along with Bardcast for whoever depends on it, by its path: nothing that only a clone needs.
 * @param peers packages that are added by name
 */
export function installedAlong(peers: readonly string[] = []): [path: string, locked: Locked][] {
  const found = new Set(["", ...peers.map((name) => `node_modules/${name}`)]);
  // What is found on the way is gone through as well.
  for (const path of found) {
    const { dependencies, optionalDependencies } = packages[path] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const place = placeOf(name, path);
      if (place !== undefined) found.add(place);
    }
  }
  found.delete("");
  return [...found].map((path) => [path, packages[path] ?? {}]);
}

/** Where a package finds another one, as Node.js looks for it. */
function placeOf(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = folder.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, "")) {
    const place = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
    if (place in packages) return place;
    if (folder === "") return undefined;
  }
}
