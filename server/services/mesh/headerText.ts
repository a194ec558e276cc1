/** Text from JSON as a header can carry it: without control characters, and as UTF-8 bytes where a character is beyond latin-1. */
export function headerText(text: string): string {
  const clean = text.replace(/[\x00-\x1f\x7f]/g, ' ');
  return /[^\x00-\xff]/.test(clean) ? Buffer.from(clean, 'utf8').toString('latin1') : clean;
}
