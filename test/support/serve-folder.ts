import { join } from "node:path";

/** Shows the files of a folder to browsers until it is stopped. */
export function serveFolder(folder: string): ReturnType<typeof Bun.serve> {
  return Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const file = Bun.file(join(folder, new URL(request.url).pathname));
      return (await file.exists()) ? new Response(file) : new Response("not here", { status: 404 });
    },
  });
}
