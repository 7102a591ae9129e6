/** Where the browser asks the person for a place to save to. TypeScript's DOM has it not, since only Chromium does. */
interface PickerWindow {
  readonly showSaveFilePicker?: (options: { readonly suggestedName: string }) => Promise<FileSystemFileHandle>;
}

/**
 * Asks the person where to save, if this browser can. Call it in the click itself, before anything is awaited: the browser opens its
 * dialog for nothing else. `dismissed`: the person closed it. `undefined`: there is no such dialog here, or not now.
 */
export async function pickSaveFile(name: string): Promise<FileSystemFileHandle | 'dismissed' | undefined> {
  const { showSaveFilePicker } = window as Window & PickerWindow;
  try {
    return await showSaveFilePicker?.call(window, { suggestedName: name });
  } catch (error) {
    return error instanceof DOMException && error.name === 'AbortError' ? 'dismissed' : undefined;
  }
}
