import type { Commands } from '../../src/app/commands-api.ts';
import { ShoalError } from '../../src/core/errors.ts';
import { capability, fileView } from '../views.ts';

/** Id of the receive that the story's link opens. */
export const openedId = 'opened';

const nothing = (): void => undefined;
const settled = (): Promise<void> => Promise.resolve();

/** In place of `src/app/commands.ts`: a story has no peer to command. */
export const commands: Commands = {
  start: settled,
  takeOver: settled,
  erase: settled,
  drop: nothing,
  replace: async () => {
    throw new ShoalError('busy', 'It is being stored.');
  },
  cancel: nothing,
  canRetry: (id) => id !== fileView().id,
  retry: settled,
  remove: settled,
  contribute: settled,
  letGo: async () => ({ shards: 412, bytes: 1_830_000_000 }),
  openLink(text) {
    if (text !== capability) throw new ShoalError('bad-input', 'This is no link.');
    return openedId;
  },
  download: nothing,
  downloadPart: nothing,
  cancelReceive: nothing,
};
