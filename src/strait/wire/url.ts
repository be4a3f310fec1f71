/** What `URL` passes over in silence: every other reader would take the text for something else. */
// oxlint-disable-next-line no-control-regex
const PASSED_OVER = /^ |[\u0000-\u001F\u007F]/;

/** The port of a URL with a host. */
const PORT = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*):\d+(?=[/?#]|$)/i;

/**
 * Whether a text is a URL as it stands; Go, too, refuses a space before it and control characters in it. Like Go, it
 * takes any number for a port: a call to one that does not exist fails as a connection does.
 */
export function isUrl(text: string): boolean {
  return URL.canParse(text.replace(PORT, "$1")) && !PASSED_OVER.test(text);
}
