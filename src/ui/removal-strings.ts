import { counted } from './counted.ts';

/** What a person reads where something is deleted: an own file, or what is held for others. */
export const removalStrings = {
  remove: {
    title: 'Delete',
    text: 'For everyone who has the link, and for good.',
    begin: 'Delete this file',
    beginOf: (name: string): string => `Delete this file: ${name}`,
    question: 'Delete this file?',
    effect: (holders: number): string =>
      `Its link opens nothing any more, and ${holders === 0 ? 'whoever holds it frees' : counted(holders, 'holder frees', 'holders free')} the room. Those that are away hear of it when they are back. This cannot be undone.`,
    yes: 'Delete for good',
    no: 'Keep it',
  },

  dropHeld: {
    title: 'Drop what is held',
    text: 'What is held here for others can be given up at any time. This peer says so to the swarm.',
    begin: 'Drop what is held',
    question: 'Drop what is held?',
    effect: (shards: number, bytes: string): string =>
      `${counted(shards, 'shard', 'shards')} of other people’s files, ${bytes}, are deleted here. A file without enough other holders is lost to its owner.`,
    needed: 'Somebody’s file would be At risk or worse without what is held here.',
    again: 'As long as you lend, others can store something new here.',
    yes: 'Drop it',
    no: 'Keep it',
    done: (shards: number, bytes: string): string => `Given up: ${counted(shards, 'shard', 'shards')}, ${bytes}.`,
  },
} as const;
