/** Where token events may be sent: any host, port and path, as long as it is HTTP. */

/** Longer than any address that a client library registers. */
const MAX_URL_LENGTH = 2_048;

export function isListenerUrl(text: string): boolean {
  if (text.length > MAX_URL_LENGTH || !URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}
