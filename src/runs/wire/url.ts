/** What `URL` passes over in silence: every other reader would take the text for something else. */
// oxlint-disable-next-line no-control-regex
const PASSED_OVER = /^ |[\u0000-\u001F\u007F]/;

/** Whether a text is a URL as it stands; Go, too, refuses a space before it and control characters in it. */
export function isUrl(text: string): boolean {
  return URL.canParse(text) && !PASSED_OVER.test(text);
}
