import { AwsIntake } from '../../providers/aws/files.js';
import { AzureIntake } from '../../providers/azure/files.js';
import { GcpIntake } from '../../providers/gcp/files.js';
import type { Problem, ProviderName } from '../model/index.js';
import type { Cloud, DocumentSink, Intake, Place } from '../provider.js';
import { unionOf } from './union.js';

/** One recorded file, offered to every cloud: each takes what it knows. */
class OfferedDocument implements DocumentSink {
  private readonly sinks: readonly DocumentSink[];
  private readonly wanting = new Map<string, readonly DocumentSink[]>();
  private taken = false;

  constructor(sinks: readonly DocumentSink[]) {
    this.sinks = sinks;
  }

  wants(key: string): boolean {
    const wanting = this.sinks.filter((sink) => sink.wants(key));
    this.wanting.set(key, wanting);
    return wanting.length > 0;
  }

  element(key: string, value: unknown, place: Place): boolean {
    const taken = this.wanting.get(key)?.some((sink) => sink.element(key, value, place)) ?? false;
    this.taken ||= taken;
    return taken;
  }

  rest(value: unknown): boolean {
    const known = this.sinks.map((sink) => sink.rest(value));
    return this.taken || known.includes(true);
  }

  close(fault?: string): void {
    for (const sink of this.sinks) sink.close(fault);
  }
}

/** Collects the recorded answers of all clouds. */
export class Intakes {
  private readonly intakes: readonly Intake[] = [new AwsIntake(), new GcpIntake(), new AzureIntake()];

  open(file: string): DocumentSink {
    return new OfferedDocument(this.intakes.map((intake) => intake.open(file)));
  }

  /** The clouds of which something was recorded, as one. Of nothing at all the first one tells that. */
  finish(options: { readonly complete: boolean }): { readonly cloud: Cloud; readonly problems: readonly Problem[] } {
    const finished = this.intakes.map((intake) => ({ provider: intake.provider, ...intake.finish(options) }));
    const used = finished.filter(({ recorded }) => recorded);
    const clouds = (used.length > 0 ? used : finished.slice(0, 1)).map(
      ({ provider, cloud }) => [provider, cloud] as const,
    );
    return {
      cloud: unionOf(new Map<ProviderName, Cloud>(clouds)),
      problems: finished.flatMap(({ problems }) => problems),
    };
  }
}
