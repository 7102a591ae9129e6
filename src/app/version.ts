/** Put in by the build (vite.config.ts), from package.json. */
declare const __SHOAL_VERSION__: string;

export const version: string = __SHOAL_VERSION__;
