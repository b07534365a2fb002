import { observed } from '../../../src/plan/declared.js';
import type { PlanRecord } from '../../../src/plan/plan-record.js';
import { keyOfToken } from '../../../src/plan/token.js';
import { Unknown } from '../../../src/plan/tree.js';
import type { Reach } from './types.js';

/** Where a resource is: texts that begin with `?` stand for what nobody knows. */
export interface Place {
  readonly project: string;
  readonly region: string;
  readonly zone: string;
}

/** Whether a part of a name only stands for one that nobody knows. */
export function isStandInName(text: string): boolean {
  return text.includes('?');
}

/** Whether nobody says a part of a name: neither the resource nor its provider. */
function isUnsaid(text: string): boolean {
  return /^\?\w+ of /.test(text);
}

/** A text that can be a part of a path. */
export function asPart(text: string): string {
  return text.replaceAll('/', '_');
}

function lastOf(text: string): string {
  return text.slice(text.lastIndexOf('/') + 1);
}

/** What the configuration of a provider says by itself. */
function configured(provider: PlanRecord | undefined, key: keyof Place): string | undefined {
  const value = provider?.inputs?.[key] ?? provider?.outputs?.[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Says of which project, region and zone resources are: by themselves, else by their provider (pulumi.md, 4.6). */
export class Places {
  private readonly providers = new Map<string, PlanRecord>();
  private readonly known = new Map<string, Place>();

  constructor(records: readonly PlanRecord[]) {
    for (const record of records)
      if (record.token && keyOfToken(record.token) === 'pulumi:providers:gcp') this.providers.set(record.urn, record);
  }

  of(record: PlanRecord): Place {
    const known = this.known.get(record.urn) ?? this.find(record);
    this.known.set(record.urn, known);
    return known;
  }

  private find(record: PlanRecord): Place {
    const zone = this.part(record, 'zone');
    const own = this.part(record, 'region');
    const ofZone = zone.replace(/-[a-z]$/, '');
    return {
      project: this.part(record, 'project'),
      region: isUnsaid(own) && !isStandInName(zone) ? ofZone : own,
      zone: isUnsaid(zone) && !isStandInName(own) ? `${own}-?` : zone,
    };
  }

  private part(record: PlanRecord, key: keyof Place): string {
    const { inputs, outputs, propertyDependencies } = record;
    const declared = inputs && Object.hasOwn(inputs, key) ? inputs[key] : outputs?.[key];
    if (typeof declared === 'string' && declared !== '') return lastOf(declared);
    const seen = observed(record, key);
    if (typeof seen === 'string') return lastOf(seen);
    // One that is declared and not known yet: the same for all that take it from the same resources.
    if (declared instanceof Unknown) {
      const from = (propertyDependencies.get(key) ?? []).map((urn) => urn.slice(urn.lastIndexOf('::') + 2));
      return asPart(`?${key} ${from.join(' ')}`);
    }
    const provider = this.providers.get(record.provider ?? '');
    return lastOf(configured(provider, key) ?? asPart(`?${key} of ${provider?.name ?? record.provider ?? 'default'}`));
  }
}

/** `projects/p/global`, `projects/p/zones/z`. */
export function scopeOf({ project, region, zone }: Place, reach: Reach): string {
  if (reach === 'global') return `projects/${project}/global`;
  return reach === 'region' ? `projects/${project}/regions/${region}` : `projects/${project}/zones/${zone}`;
}
