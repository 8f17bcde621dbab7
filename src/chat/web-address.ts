/** A host of one label is a name of the reader's own network, `[::1]` and `127.0.0.1` are the reader's own machine. */
const PUBLIC_NAME = /^[^.:[\]]+(?:\.[^.:[\]]+)*\.(?!\d+$)[^.:[\]]+$/;
/** Neither platform shows them, and Slack refuses the message around them. */
const NO_PICTURE = /\.(?:svgz?|pdf|tiff?|eps|psd|ico|mp4|webm|mov|mp3)$/i;

/**
 * An address as a message may link to it: http(s), without the name and password it may carry, which would either give
 * a secret away or show one host and open another. Null if it is anything else, or longer than `limit` UTF-16 units,
 * for half an address is another one.
 */
export function webAddress(url: URL | null, limit: number): string | null {
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') return null;
  const bare = new URL(url.href);
  bare.username = '';
  bare.password = '';
  // Left as they are in queries and fragments, where they end an address or escape what follows.
  const address = bare.href.replace(/[\\`^{}|<>"\s]/gu, (character) => encodeURIComponent(character));
  return address.length <= limit ? address : null;
}

/** The address of a picture that a platform can fetch from outside. */
export function pictureAddress(url: URL | null, limit: number): string | null {
  if (url === null || !isPublicName(url) || NO_PICTURE.test(url.pathname)) return null;
  return webAddress(url, limit);
}

/** Whether the host is a name that somebody outside could look up. */
export function isPublicName({ hostname }: URL): boolean {
  return PUBLIC_NAME.test(hostname) && !/\.(?:localhost|local|internal|lan|home\.arpa)\.?$/.test(hostname);
}
