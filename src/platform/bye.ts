/** All that is ever said on the ordinary channel beside channel 100 (SPEC RTC-6): that this side leaves. */
export const byeText = 'bye';

const byeBytes = new TextEncoder().encode(byeText);

/** Whether a message of the ordinary channel says `bye`, as text or as the bytes of it. */
export function isBye(message: unknown): boolean {
  if (message === byeText) return true;
  const bytes = message instanceof ArrayBuffer ? new Uint8Array(message) : message;
  return bytes instanceof Uint8Array && bytes.length === byeBytes.length && byeBytes.every((byte, i) => bytes[i] === byte);
}
