/** Both builds as the bytes of a WebAssembly module. */
export function assembleKernel(): Promise<{ readonly strict: Uint8Array; readonly relaxed: Uint8Array }>;
/** Brings binaries.ts up to date. */
export function buildKernel(): Promise<void>;
