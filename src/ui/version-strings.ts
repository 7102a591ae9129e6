/** What a person reads where a stored file gets a new version. */
export const versionStrings = {
  versions: {
    version: 'Version',
    of: (version: number): string => `Version ${version}`,
    title: 'New version',
    text: 'The link stays and opens the new version as soon as that is stored. Until then it opens this one.',
    begin: 'Replace…',
    beginOf: (name: string): string => `Replace… ${name}`,
    progress: (version: number, name: string): string => `Version ${version} of ${name}: stored by other peers`,
    cancel: 'Cancel',
    cancelOf: (version: number, name: string): string => `Cancel version ${version} of ${name}`,
    retry: 'Try again',
    retryOf: (version: number, name: string): string => `Try again: version ${version} of ${name}`,
    dismiss: 'Dismiss',
    dismissOf: (version: number, name: string): string => `Dismiss: version ${version} of ${name}`,
    /** Whatever became of the next one. */
    asBefore: (version: number): string => `Version ${version} is as it was, and the link opens it.`,
    /** A file in the log and to the live region; of a first version its name is enough. */
    named: (name: string, version: number): string => (version > 1 ? `${name}, version ${version}` : name),
  },
} as const;
