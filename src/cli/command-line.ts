/** Where `npm start` runs in a clone: from source, or from what is built of it. */
const IN_CLONE = /\.ts$|[\\/]node_modules[\\/]\.cache[\\/]/;

/** How a command is typed where this runs: in a clone through npm, else by its name. */
export function commandLine(command: string): string {
  return IN_CLONE.test(import.meta.url) ? `npm start -- ${command}` : `npx bardcast ${command}`;
}
