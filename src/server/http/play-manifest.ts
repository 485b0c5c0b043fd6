/**
 * The player page as a device puts it on its home screen: it opens with the player's own link. Addresses are
 * relative to the manifest's, beside the page.
 * @see https://www.w3.org/TR/appmanifest/
 */
export function playManifest(token: string): object {
  const icon = (name: string, purpose: "any" | "maskable") => {
    const size = /\d+/.exec(name)?.[0];
    return { src: `assets/${name}`, sizes: `${size}x${size}`, type: "image/png", purpose };
  };
  return {
    name: "Bardcast",
    short_name: "Bardcast",
    start_url: `play?${new URLSearchParams({ token })}`,
    scope: "./",
    display: "standalone",
    background_color: "#171310",
    theme_color: "#171310",
    icons: [
      icon("icon-192.png", "any"),
      icon("icon-512.png", "any"),
      icon("icon-maskable-512.png", "maskable"),
    ],
  };
}
