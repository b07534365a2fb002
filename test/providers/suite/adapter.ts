import type { RecordedDocument } from '../../../src/index.js';

/** A rule in front of the machines that are asked about. */
export interface SceneRule {
  readonly action: 'allow' | 'deny';
  /** A prefix of either family. */
  readonly from: string;
  /** `22`, or a range as `20-25`. */
  readonly ports: string;
}

/**
 * A recording, told in words that no cloud owns. What is left out is as it mostly is: one running machine with a public
 * IPv4 address, a way to the internet, no rule, and a neighbour in another subnet of the same network that may send.
 */
export interface Scene {
  /** The first that fits decides; what none fits is closed. */
  readonly rules?: readonly SceneRule[];
  /** The machines that are there, by number: twins that differ in names and addresses only. Just the one with number 0 unless said. */
  readonly machines?: readonly number[];
  /** Of every machine but the neighbour. Nobody documents the last two words; the second of them is a member of every object. */
  readonly state?: 'running' | 'stopped' | 'undocumented' | 'inherited';
  readonly publicAddress?: boolean;
  /** Whether a route leads from the machines to the internet. */
  readonly wayBack?: boolean;
  /** Whether the guards of the neighbour let it send. */
  readonly neighbourSends?: boolean;
  /** Whether a machine in another network is there, and whether the networks are joined. */
  readonly other?: 'joined' | 'apart';
  /** Whether machine 0 has an IPv6 address of the internet besides, with a route. */
  readonly ipv6?: boolean;
}

/** A machine as people name it. */
export interface Machine {
  /** As reports name it. */
  readonly id: string;
  readonly name: string;
  readonly address: string;
}

/** One that is asked about. */
export interface AskedMachine extends Machine {
  readonly publicAddress: string;
  readonly ipv6: string;
  /** Every other text by which the cloud knows it, by what it is. */
  readonly otherNames: Readonly<Record<string, string>>;
}

/** A machine that asks, and a prefix of its subnet in which it is not. */
export interface Client extends Machine {
  readonly prefix: string;
}

/** What stops a connection, and the object in which that is written: `code component`. */
export type Signed = `${string}/${string} ${string}`;

/** How a recording says nothing of one list: the call was refused, or never made. */
export interface Omission {
  readonly list: string;
  readonly how: 'denied' | 'left-out';
}

/** What the suite must know of a cloud. The words and the codes are the cloud's. */
export interface ProviderAdapter {
  readonly name: string;
  /** The notations in which a recording comes; the last one is that of `port22 fetch`. */
  readonly forms: readonly [string, ...string[]];
  /** The recorded files of a scene, in the notation of `port22 fetch` unless said. */
  record(
    scene: Scene,
    as?: { readonly omissions?: readonly Omission[]; readonly form?: string },
  ): readonly RecordedDocument[];
  /** Every list and every answer about one subject that a recording can lack. */
  readonly lists: readonly string[];
  /** Those that tell which machines there are: without them there is nobody to ask about. */
  readonly machineLists: readonly string[];
  /** Those without which some answer is not certain. */
  readonly neededLists: readonly string[];
  /** How a refusal of the list is named in the gaps. */
  permissionOf(list: string): string;
  machine(number: number): AskedMachine;
  readonly neighbour: Client;
  /** The machine in the other network. */
  readonly peer: Client;
  readonly causes: {
    readonly noRule: Signed;
    readonly noRuleInside: Signed;
    readonly noRuleV6: Signed;
    readonly denied: Signed;
    readonly stopped: Signed;
    readonly noPublicAddress: Signed;
    readonly privateFromInternet: Signed;
    readonly noWayBack: Signed;
    readonly senderClosed: Signed;
    readonly notJoined: Signed;
    readonly noIpv6: Signed;
  };
  /** What a client of IPv6 sees that asks for the name of a machine without IPv6. */
  readonly symptomWithoutIpv6: 'times-out' | 'net-unreachable';
  /** The object that lets in what an allowing rule of a scene lets in. */
  readonly opener: string;
  /** The sources that the cloud itself lets in where no rule of a scene speaks of them: those of its platform. */
  readonly platform: readonly string[];
  /** Those of the causes that one change can remove. */
  readonly mended: readonly ('noRule' | 'denied' | 'stopped' | 'noPublicAddress' | 'noWayBack' | 'senderClosed')[];
  /** The files of the scene without a record that machine 0 refers to, though the list in which it belongs is there. */
  readonly dangling: Readonly<Record<string, (scene: Scene) => readonly RecordedDocument[]>>;
  /** The files of the scene with words that nobody documents, where no verdict depends on them. */
  unheardOf(scene: Scene): readonly RecordedDocument[];
  /** Whether the file is one answer that no client ever gets in parts. */
  readonly isWhole: (value: unknown) => boolean;
  /** Names of fields whose numbers some printer of the cloud writes as texts. */
  readonly numbersAsTexts: readonly string[];
  /** Machine 0 and another one with the same name. */
  readonly namesakes: () => {
    readonly documents: readonly RecordedDocument[];
    readonly name: string;
    readonly candidates: readonly string[];
  };
  /** The names and ids that stand in the answers to a scene; of machine 0, its guard and its network at least. */
  readonly writtenNames: readonly string[];
}
