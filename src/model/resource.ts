/** The clouds that port22 speaks, and the machine itself. */
export type ProviderName = 'aws' | 'gcp' | 'azure' | 'host';

/** Names one object of a cloud in that cloud's own words: the kind in kebab-case, the id as the cloud prints it. */
export interface ResourceRef {
  readonly kind: string;
  readonly id: string;
  /** The name that people gave it (a tag, a display name). Untrusted text: escape before it reaches a terminal. */
  readonly name?: string;
}
