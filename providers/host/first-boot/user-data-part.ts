/** One piece of user data, in the order in which cloud-init reads them. All texts are those of a stranger. */
export type UserDataPart = {
  /** Where it stands: `user data`, `user data part 2 (setup.sh)`. */
  readonly at: string;
} & (
  | {
      readonly kind: 'cloud-config';
      readonly text: string;
      /** The text is JSON whose top may be a list of patches. */
      readonly jsonPatch?: true;
      /** How it is merged with the parts before it, by the part's header; cloud-init's own way where it is left out. */
      readonly mergeType?: string;
    }
  /** Run in the final stage, in the order of `name`. */
  | { readonly kind: 'script'; readonly text: string; readonly name: string }
  /** Run when user data is read, before everything else. */
  | { readonly kind: 'boothook'; readonly text: string }
  /** What it does cannot be told: it is fetched, made from a template, or for another program. */
  | { readonly kind: 'unknown'; readonly why: string; readonly text?: string }
  /** cloud-init does nothing with it. */
  | { readonly kind: 'ignored'; readonly why: string }
);
