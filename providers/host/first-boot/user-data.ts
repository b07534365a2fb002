import type { UserDataEncoding } from './decode-user-data.js';

/** One text that a cloud hands to a machine when it boots. Untrusted text. */
export interface GivenText {
  /**
   * - `cloud-init`: user data, which cloud-init reads;
   * - `script`: a program that an agent of the cloud runs at the end of the boot;
   * - `fetched`: the same, from an address: nobody knows what it is.
   */
  readonly kind: 'cloud-init' | 'script' | 'fetched';
  /** What the cloud calls it: `user data`, `startup-script`. */
  readonly at: string;
  readonly text: string;
  readonly encoding: NonNullable<UserDataEncoding['encoding']>;
}

/** What a cloud hands to a machine when it boots, and what it tells of the machine's image. */
export interface UserData {
  readonly given: readonly GivenText[];
  /** Names of the image, of its publisher and its licences, as far as they are known. Untrusted text. */
  readonly image: readonly string[];
  /** Set where something that the cloud does not show may stand in its place, and what that is. */
  readonly unless?: string;
  /** Why this image may not have the program that reads user data. */
  readonly perhapsUnread?: string;
}
