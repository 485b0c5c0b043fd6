/** The least that Deno has to allow, as the README tells it. @param code folders of what is read as files */
export function denoFlags(campaign: string, code: readonly string[]): string[] {
  return [
    "--no-prompt",
    "--allow-net=0.0.0.0,127.0.0.1",
    `--allow-read=${[campaign, ...code].join(",")}`,
    `--allow-write=${campaign}`,
    "--allow-env=BARDCAST_SECRET,BARDCAST_DM_TOKEN,BARDCAST_API_KEY,LOG_TOKENS,LOG_STREAM",
  ];
}
