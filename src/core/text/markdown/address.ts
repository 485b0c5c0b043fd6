/** How a language says that there is a link. */
const LINK: Readonly<Record<string, string>> = {
  en: "a link to {}",
  de: "ein Link zu {}",
  fr: "un lien vers {}",
  es: "un enlace a {}",
  it: "un link a {}",
  pt: "um link para {}",
  pl: "link do {}",
  ru: "ссылка на {}",
  uk: "посилання на {}",
  nl: "een link naar {}",
  sv: "en länk till {}",
  da: "et link til {}",
  nb: "en lenke til {}",
  cs: "odkaz na {}",
  tr: "{} bağlantısı",
  el: "σύνδεσμος για {}",
  zh: "{} 的链接",
  ja: "{} へのリンク",
  ko: "{} 링크",
  ar: "رابط إلى {}",
  hi: "{} का लिंक",
};

/** Behind these no address begins; in Chinese or Japanese nothing stands between a word and an address. */
export const WITHIN_WORD: RegExp = /[\p{Lu}\p{Ll}\p{N}/@.-]$/iu;
/** Where a bare address begins, but for the letter before it. */
export const ADDRESS_BEGINS: RegExp =
  /(?<![\p{Lu}\p{Ll}\p{N}/@.-])(?:https?:\/\/|ftp:\/\/|www\.)(?=[\p{L}\p{N}[])/giu;
/** The beginning of a possible address at the end of the text so far. */
export const ADDRESS_BEGUN: RegExp =
  /(?<![\p{Lu}\p{Ll}\p{N}/@.-])(?:h(?:t(?:t(?:p(?:s?(?::\/{0,2})?)?)?)?)?|f(?:t(?:p(?::\/{0,2})?)?)?|w{1,3}\.?)$/iu;
/** As far as an address may go. */
const ADDRESS = /[^\s<>。，、！？；：）」』】》”’"]{1,600}/y;
/** Punctuation after an address that does not belong to it (GFM 6.9). */
const TRAILING = /(?:[?!.,:;*_~'"…]|&[a-z]{2,8};)+$/i;

/** The length of the bare address that begins at `at`. */
export function addressLength(text: string, at: number): number {
  ADDRESS.lastIndex = at;
  let address = ADDRESS.exec(text)?.[0] ?? "";
  for (;;) {
    const shorter = withoutBracket(address.replace(TRAILING, ""));
    if (shorter.length === address.length) return address.length;
    address = shorter;
  }
}

/** How an address is said: `a link to example.com`. */
export function addressSaid(address: string, language: string): string {
  const [, host = ""] =
    /^(?:[a-z][a-z\d+.-]*:)?(?:\/\/)?(?:[^\s/?#@]*@)?(\[[^\]]*\]|[\p{L}\p{M}\p{N}._-]*)/iu.exec(address) ??
    [];
  const phrase = Object.hasOwn(LINK, language) ? LINK[language] : undefined;
  return (phrase ?? "a link to {}").replace(
    "{}",
    () => host.toLowerCase().replace(/^www\.|\.+$/g, "") || address,
  );
}

/** A bracket that was opened before the address is not its own. */
function withoutBracket(address: string): string {
  const isOpened = !/[)\]]$/.test(address) || count(address, /[([]/g) >= count(address, /[)\]]/g);
  return isOpened ? address : address.slice(0, -1);
}

function count(text: string, what: RegExp): number {
  return text.match(what)?.length ?? 0;
}
