import { type ErrorCode, errorCodes } from '../app/state.ts';

/** What happened, and what the person can do next. */
export interface ErrorWords {
  readonly what: string;
  readonly next: string;
}

/** What was being done when it failed. To `save` is to receive a file whose name is known. */
export type Act = 'send' | 'replace' | 'receive' | 'save' | 'lend' | 'delete';

interface Entry extends ErrorWords {
  /** Where an act needs other words than sending does. */
  readonly replace?: ErrorWords;
  readonly receive?: ErrorWords;
  /** Where saving needs other words than receiving does. */
  readonly save?: ErrorWords;
  readonly lend?: ErrorWords;
  readonly delete?: ErrorWords;
}

/** Every code of the closed union to words, here and nowhere else; the type makes it total. */
const entries: Record<ErrorCode, Entry> = {
  'bad-input': {
    what: 'This cannot be sent as it is.',
    next: 'Give the file a shorter name or choose another one.',
    receive: {
      what: 'This is not a whole Shoal link.',
      next: 'Copy the link again, up to its last character, and open it anew.',
    },
    lend: {
      what: 'This amount cannot be lent.',
      next: 'Choose one between 0.1 and 1,000 GB.',
    },
  },
  'too-large': {
    what: 'This is larger than Shoal can hold.',
    next: 'Split it into smaller files.',
    receive: {
      what: 'This file is larger than this browser can save in one piece.',
      next: 'Open the link in another browser, or download it in parts.',
    },
  },
  full: {
    // Only of this browser: without room in the swarm a file waits.
    what: 'This browser has no room left to note the file.',
    next: 'Free some room on the disk, then try again.',
    receive: {
      what: 'There is no room left on the disk for this file.',
      next: 'Free some room, then download it again.',
    },
    lend: {
      what: 'This disk has no room for that much.',
      next: 'Lend less, or free some room on the disk.',
    },
  },
  busy: {
    what: 'The peers have too much to do right now.',
    next: 'Try again in a minute.',
    replace: {
      what: 'This file is being stored or deleted right now.',
      next: 'Wait for that, or cancel it, then choose the new version again.',
    },
  },
  banned: {
    what: 'The other peers do not work with this one.',
    next: 'Look under Swarm for the reason.',
  },
  'too-new': {
    what: 'The other side uses a newer Shoal.',
    next: 'Reload the page and try again.',
    delete: {
      what: 'A holder runs an older Shoal, which cannot delete.',
      next: 'It frees the room once it is updated, or when the lease ends.',
    },
    receive: {
      what: 'This link was made by a newer Shoal.',
      next: 'Reload the page, then open the link again.',
    },
  },
  stale: {
    // A peer whose clock differs is one of many that were asked; what ends an act is the fence of this profile's own storage.
    what: 'Another tab has taken this peer over, or its data was erased.',
    next: 'Go on in the other tab, or reload this page.',
    delete: {
      what: 'A holder’s clock and the one here differ by minutes, or another tab has taken this peer over.',
      next: 'Set the clock of this device, then reload this page: holders are asked again by themselves.',
    },
  },
  timeout: {
    what: 'The other peers did not answer in time.',
    next: 'Check your connection and try again.',
    delete: {
      what: 'Not every holder that is online has confirmed it.',
      next: 'Keep this tab open: they are asked again by themselves.',
    },
  },
  'not-found': {
    what: 'The file cannot be found any more.',
    next: 'Choose it again.',
    replace: {
      what: 'This file was deleted, perhaps on another of your devices.',
      next: 'Drop the new one as a file of its own: it gets another link.',
    },
    delete: {
      what: 'This file is not on your list any more.',
      next: 'Look under Files what is there.',
    },
    receive: {
      what: 'No peer that is online knows this file.',
      next: 'Try again later, or ask the sender to open Shoal for a while.',
    },
    save: {
      what: 'The file that you chose can no longer be written.',
      next: 'Download it again and choose another place.',
    },
  },
  'not-enough-peers': {
    what: 'Too few peers are online.',
    next: 'Try again when more are, or open another peer.',
    replace: {
      what: 'Nobody online knows the version that it replaces.',
      next: 'Try again when its holders are back.',
    },
    delete: {
      what: 'Nobody is online to be told that it is deleted.',
      next: 'Keep this tab open, or come back later: who comes is told.',
    },
  },
  'not-enough-shards': {
    what: 'Too few shards of this file are online to restore it.',
    next: 'Try again when more of its holders are online.',
  },
  integrity: {
    what: 'The file changed while it was being sent.',
    next: 'Drop it again.',
    replace: {
      what: 'The file changed while it was being sent.',
      next: 'Choose it again.',
    },
    receive: {
      what: 'What arrived is not what the sender signed. It was not kept.',
      next: 'Try again. If it stays so, ask the sender for a new link.',
    },
  },
  auth: {
    what: 'A peer could not prove who it is.',
    next: 'Try again. If it stays so, use another network.',
    delete: {
      what: 'A holder did not take this for the wish of the owner.',
      next: 'Keep this tab open: it is asked again by itself.',
    },
  },
  cancelled: {
    what: 'Cancelled.',
    next: 'Start again whenever you like.',
  },
  internal: {
    what: 'Something broke inside Shoal.',
    next: 'Reload the page. If it happens again, copy the diagnostics under Swarm and report them.',
  },
};

/** The words of a code in an act. Text that is no code of the union reads as `internal`. */
export function errorWords(code: string | undefined, act: Act): ErrorWords {
  const entry = entries[errorCodes.find((known) => known === code) ?? 'internal'];
  switch (act) {
    case 'send':
      return entry;
    case 'save':
      return entry.save ?? entry.receive ?? entry;
    default:
      return entry[act] ?? entry;
  }
}
