import type { Command } from 'commander';
import type { Effective } from './config/read.ts';
import type { Io } from './io.ts';

/** What the program knows of itself and gives to every command. */
export interface Context {
  readonly io: Io;
  /** The version in package.json. */
  readonly version: string;
  /** Folder of the built page; it may not be there. */
  readonly pageFolder: string;
  /** The program to start for a process of our own: `node <this file> peer …`. */
  readonly mainFile: string;
  /** In a checkout, builds the page when it is missing or out of date. */
  readonly preparePage?: () => void;
  /**
   * What is set, from defaults, file, environment and flags. Of variables and flags only those of the settings that `command` was given
   * by `withSettings` count. Throws `bad-input` that names what is wrong.
   */
  effective(command: Command): Effective;
}
