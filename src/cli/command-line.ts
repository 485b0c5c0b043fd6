/** How a command is typed where this runs: from source through npm, else by its name. */
export function commandLine(command: string): string {
  return import.meta.url.endsWith(".ts") ? `npm start -- ${command}` : `npx bardcast ${command}`;
}
