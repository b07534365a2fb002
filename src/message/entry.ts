/** The values that a sentence is made of: those of the reason, and of the question. All of them untrusted text. */
export interface Values {
  /** The object that decides, as people know it: `security group sg-0b7 (web)`. */
  readonly component: string;
  /** Who asks: `203.0.113.7`, `internet`. */
  readonly from: string;
  /** `tcp/22`. */
  readonly service: string;
  readonly data: Readonly<Record<string, string>>;
}

/** The words of one code. */
export interface Entry {
  /** What happens, where; lower case, no full stop. */
  readonly message: (values: Values) => string;
  /** The rule of the cloud behind it. */
  readonly why: string;
  /** False where the cloud's behaviour is widely believed but not documented. */
  readonly certain?: false;
}
