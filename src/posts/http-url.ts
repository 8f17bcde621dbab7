/** Longer than browsers, proxies and chat platforms take, and slow to work with. */
const MAX_LENGTH = 4_096;

/** A web address in absolute form, or null: what is no address, and what is neither http nor https (`javascript:`). */
export function httpUrl(text: string, base?: URL): URL | null {
  if (text.length > MAX_LENGTH || !URL.canParse(text, base?.href)) return null;
  const url = new URL(text, base?.href);
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '' ? url : null;
}
