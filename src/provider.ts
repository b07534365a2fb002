import type {
  Alternative,
  AttemptEvidence,
  CauseCode,
  GapReport,
  HostReport,
  Layer,
  Path,
  Problem,
  ProviderName,
  Reason,
  ResourceRef,
  Sign,
  Symptom,
  TargetRef,
} from './model/index.js';
import type { Address, AddressSet, Family, TrafficSet } from './set/index.js';

/** Where a value stands in a recorded file; line and column are counted from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Takes one recorded document of a cloud apart. The elements of a big list come one at a time, the rest at the end. */
export interface DocumentSink {
  /** Whether the elements of the top-level list under this key are wanted one at a time. */
  wants(key: string): boolean;
  /** Answers whether the element was one of the provider's. */
  element(key: string, value: unknown, place: Place): boolean;
  /** What is left of the document; answers whether the provider knew the document at all. */
  rest(value: unknown): boolean;
  /** The document is over; `fault` says why its end is missing, when it is. */
  close(fault?: string): void;
}

/** Collects the recorded answers of one cloud. */
export interface Intake {
  readonly provider: ProviderName;
  open(file: string): DocumentSink;
  /** `recorded` tells whether anything that was taken in was the provider's. */
  finish(options: { readonly complete: boolean }): {
    readonly cloud: Cloud;
    readonly problems: readonly Problem[];
    readonly recorded: boolean;
    /** The records themselves, for the same provider to lay a deployment over. */
    readonly evidence: unknown;
  };
}

/** One machine that can be asked about. */
export interface Target {
  readonly ref: TargetRef;
  /** The target as the engine's steps name it. */
  readonly resource: ResourceRef;
  /** The families in which the target has any address. */
  readonly families: readonly Family[];
}

/** An object that is no machine: its kind and id as people know them. */
export interface Owner {
  readonly kind: string;
  readonly id: string;
  /** What to know before one asks for it, as the end of a sentence. */
  readonly remark: string;
}

/** That a text does not name one machine. */
export type NotFound =
  | { readonly kind: 'many'; readonly candidates: readonly string[] }
  | {
      readonly kind: 'none';
      /** A code of the catalogue that says why. */
      readonly code: string;
      /** What the text belongs to instead. */
      readonly belongsTo?: Owner;
      /** Set when the list of targets could not be read: the text may name one all the same. */
      readonly gap?: string;
    };

/** What a text that names a target turned out to be. */
export type Found =
  | {
      readonly kind: 'target';
      readonly target: Target;
      /** Set when the text named one address. */
      readonly address?: string;
    }
  | NotFound;

/** A client inside the cloud: the addresses from which its packets can arrive. */
export interface SourceHost {
  readonly label: string;
  readonly addresses: AddressSet;
  /** Its interfaces, as the provider names them. */
  readonly interfaces: readonly string[];
}

/** What a text that names a source turned out to be. An address that many hold or none does is a source all the same. */
export type FoundSource = { readonly kind: 'host'; readonly host: SourceHost } | NotFound;

/** How the paths to a target are narrowed or widened. */
export interface PathRequest {
  readonly port: number;
  /** Only paths to this address of the target. */
  readonly address?: string;
  /** The asked clients, for paths that exist only to explain why one client has none. */
  readonly from?: AddressSet;
  /** Those of the asked clients that are asked about by their addresses; the machines that hold these, where they are known, have guards of their own. */
  readonly clients?: AddressSet;
  /** The interfaces of the asked client, when it is a machine inside the cloud. */
  readonly fromInterfaces?: readonly string[];
  /** The ports that the client sends from, when the caller knows its system. */
  readonly clientPorts?: TrafficSet;
  /** Every source at once: paths that exist only to explain why one source has none are left out. */
  readonly everyone: boolean;
}

/** What surely stops a piece: the reason, the object and the rule that signed. */
export interface Stop extends SubjectReason {
  readonly rule: string | null;
  /** The layer that decides: it tells the port and the far end that the object sees. */
  readonly layer: Layer;
}

/** A change to the cloud that would remove one cause, as a command and as data that the same lowering reads. */
export interface Change {
  /** The code of the cause that it removes. */
  readonly removes: string;
  readonly command: string;
  readonly pulumi: string;
  /** The cloud as it would be; null when the effect cannot be foreseen from the evidence. */
  readonly after: Cloud | null;
  readonly note?: string;
}

/** A reason and the object that it is about; the catalogue makes a cause of it. */
export interface SubjectReason {
  readonly reason: Reason;
  readonly component: ResourceRef;
}

/** A way in beside the network path, as paths that the engine assesses and facts that it cannot know. */
export interface AlternativeWay {
  readonly kind: string;
  readonly command: string;
  /** The way's own paths: their best verdict and its causes are the answer. */
  readonly paths?: readonly Path[];
  /** The answer where there are no paths to assess. */
  readonly works?: Alternative['works'];
  readonly reasons: readonly SubjectReason[];
  /** What the command's user sees when the way does not work. */
  readonly symptom: Symptom;
}

/** What user data makes of a machine by the end of its first boot. */
export interface FirstBootView {
  /** False where it may be that something else is done in its place. */
  readonly isSure: boolean;
  /** Where it depends on whose image the machine is of, and that is not known: the outcomes, each with the images that have it. */
  readonly either?: readonly (Pick<FirstBootView, 'layers'> & { readonly images: readonly string[] })[];
  /** What the machine itself then does with packets to a port: the same objects for the same port. */
  readonly layers: (port: number) => readonly Layer[];
  /** The ports on which sshd then listens; left out where that is not known. */
  readonly ports?: readonly number[];
  /** What to know of it beside that. */
  readonly remarks: readonly SubjectReason[];
}

/** What the evidence tells about the machine behind the network path: the worst that may be, and every reason. */
export interface HostView {
  readonly verdict: HostReport['verdict'];
  readonly symptom: Symptom;
  readonly reasons: readonly SubjectReason[];
  readonly firstBoot?: FirstBootView | undefined;
}

/** The lowered evidence of one cloud: targets, and the neutral paths to them. */
export interface Cloud {
  targets(): Iterable<Target>;
  /** False where a list of machines was not given, refused or cut: there may be targets that nobody can name. */
  listsEveryTarget(): boolean;
  find(text: string): Found;
  /** Every id and name that a target can be asked by, for suggestions. */
  names(): Iterable<string>;
  source(text: string): FoundSource;
  /**
   * Every way to the target, in the order in which an answer lists them. Targets that nothing tells apart get the same ways,
   * as the same objects, where every source is asked about at once.
   */
  paths(target: Target, request: PathRequest): readonly Path[];
  /** What is not the internet from the target's point of view: its own networks and what is joined to them. */
  ownNetworks(target: Target): AddressSet;
  host(target: Target, address: string | null, port: number): HostView;
  /** Other ways in. Where every source is asked about at once, targets that nothing tells apart get paths over the same ways. */
  alternatives(target: Target, request: Pick<PathRequest, 'port' | 'everyone'>): readonly AlternativeWay[];
  /** The smallest change for each thing that stops these sources on this path, in the given order. */
  changes(target: Target, path: Path, from: AddressSet, stops: readonly Stop[], port: number): readonly Change[];
  gaps(): readonly GapReport[];
}

/** What removes a cause: commands for a root shell, one after the other; none where there is nothing to change. */
export interface Remedy {
  readonly commands: readonly string[];
  /** What to know before they are run. */
  readonly note?: string;
}

/** A machine that has told of itself, beside or instead of a cloud's records. */
export interface HostEvidence {
  /** What it calls itself. Untrusted text. */
  readonly name: string;
  /** The clients that it was asked about when it told. */
  readonly client: AddressSet | undefined;
  /** A cloud of this machine alone. */
  readonly alone: Cloud;
  /** The same cloud, with this machine as the end of the paths to one target. */
  join(cloud: Cloud, target: Target): Cloud;
  /** What it says of each cause, for one client or for everybody. */
  signs(client: AddressSet | undefined, address: Address | undefined, port: number): readonly Sign[];
  /** What moved on it around an attempt to connect; nothing where it told of itself only once. */
  attempt(client: AddressSet | undefined, address: Address | undefined, port: number): AttemptEvidence;
  /** Whether an address is one of its own; undefined where it does not tell. */
  owns(address: Address): boolean | undefined;
  /** What removes a cause on it, for one client or for everybody; undefined where no command does. `data` is that of a sign. */
  readonly remedy: (
    code: CauseCode,
    data: Readonly<Record<string, string>>,
    client: AddressSet | undefined,
    port: number,
  ) => Remedy | undefined;
}
