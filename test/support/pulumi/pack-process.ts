import { performance } from 'node:perf_hooks';
import { credentials } from '@grpc/grpc-js';
import { AnalyzerClient } from '@pulumi/pulumi/proto/analyzer_grpc_pb.js';
import {
  type AnalyzeResponse,
  AnalyzerStackConfigureRequest,
  AnalyzeStackRequest,
  ConfigureAnalyzerRequest,
  PolicyConfig,
  type RemediateResponse,
} from '@pulumi/pulumi/proto/analyzer_pb.js';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb.js';
import { type Child, startCommand } from './child.js';
import {
  diagnosticOf,
  infoOf,
  levels,
  type PackConfig,
  type PackDiagnostic,
  type PackInfo,
  type PackRemediation,
  remediationOf,
} from './pack-answer.js';
import { type PackResource, toMember, toRequest } from './pack-resource.js';
import { toStruct } from './properties.js';
import { channelOptions, unary } from './unary.js';

/** Less than a test may take, so that nothing outlives it. */
const LONGEST_START_MS = 18_000;

/** The deployment that a pack is asked about; that of a preview, unless said. */
export interface PackSurroundings {
  readonly organization?: string;
  readonly project?: string;
  readonly stack?: string;
  readonly dryRun?: boolean;
  /** Of the stack. */
  readonly config?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** A policy pack in a process of its own, started and asked as the engine does. A call that the pack fails rejects with its words. */
export class PackProcess {
  /** What the latest call about a whole stack took, from its question to its answer. */
  stackMs = 0;
  /** From the start of the process to its port. */
  readonly startMs: number;
  private readonly child: Child;
  private readonly client: AnalyzerClient;
  private readonly surroundings: PackSurroundings;

  private constructor(child: Child, port: string, startMs: number, surroundings: PackSurroundings) {
    this.child = child;
    this.startMs = startMs;
    this.surroundings = surroundings;
    this.client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure(), channelOptions);
  }

  /** @throws when anything but a port comes first on stdout */
  static async start(folder: string, surroundings: PackSurroundings = {}): Promise<PackProcess> {
    const started = performance.now();
    // The address of the engine is counted, never dialled.
    const child = startCommand('run-policy-pack', ['127.0.0.1:1', folder], {
      folder,
      env: { ...environment(surroundings), ...surroundings.env },
    });
    const timer = setTimeout(() => void child.kill(), LONGEST_START_MS);
    const line = await firstLine(child);
    clearTimeout(timer);
    const startMs = performance.now() - started;
    if (/^\d+$/.test(line)) return new PackProcess(child, line, startMs, surroundings);
    await child.kill();
    throw new Error(`no port comes first on stdout of ${folder}:\n${child.stdout()}\n${child.stderr()}`);
  }

  /** Of the process. */
  get pid(): number | undefined {
    return this.child.process.pid;
  }

  /** Everything so far, the port too. */
  get stdout(): string {
    return this.child.stdout();
  }

  get stderr(): string {
    return this.child.stderr();
  }

  async info(): Promise<PackInfo> {
    return infoOf(await unary((done) => this.client.getAnalyzerInfo(new Empty(), done)));
  }

  async configure(config: PackConfig): Promise<void> {
    const request = new ConfigureAnalyzerRequest();
    for (const [policy, { enforcementLevel, ...properties }] of Object.entries(config)) {
      const level = levels.indexOf(enforcementLevel) as Parameters<PolicyConfig['setEnforcementlevel']>[0];
      const one = new PolicyConfig().setEnforcementlevel(level);
      one.setProperties(toStruct(properties));
      request.getPolicyconfigMap().set(policy, one);
    }
    await unary((done) => this.client.configure(request, done));
  }

  async configureStack(tags: Readonly<Record<string, string>> = {}): Promise<void> {
    const { organization = 'o', project = 'p', stack = 's', dryRun = true, config = {} } = this.surroundings;
    const request = new AnalyzerStackConfigureRequest()
      .setOrganization(organization)
      .setProject(project)
      .setStack(stack)
      .setDryRun(dryRun);
    for (const [key, value] of Object.entries(config)) request.getConfigMap().set(key, value);
    for (const [key, value] of Object.entries(tags)) request.getTagsMap().set(key, value);
    await unary((done) => this.client.configureStack(request, done));
  }

  async analyze(resource: PackResource): Promise<readonly PackDiagnostic[]> {
    const answer = await unary<AnalyzeResponse>((done) => this.client.analyze(toRequest(resource), done));
    return answer.getDiagnosticsList().map(diagnosticOf);
  }

  async analyzeStack(resources: readonly PackResource[]): Promise<readonly PackDiagnostic[]> {
    const request = new AnalyzeStackRequest().setResourcesList(resources.map(toMember));
    const started = performance.now();
    const answer = await unary<AnalyzeResponse>((done) => this.client.analyzeStack(request, done));
    this.stackMs = performance.now() - started;
    return answer.getDiagnosticsList().map(diagnosticOf);
  }

  async remediate(resource: PackResource): Promise<readonly PackRemediation[]> {
    const answer = await unary<RemediateResponse>((done) => this.client.remediate(toRequest(resource), done));
    return answer.getRemediationsList().map(remediationOf);
  }

  async stop(): Promise<void> {
    this.client.close();
    await this.child.kill();
  }
}

function environment({ organization, project, stack, dryRun, config }: PackSurroundings): Record<string, string> {
  return {
    PULUMI_NODEJS_ORGANIZATION: organization ?? 'o',
    PULUMI_NODEJS_PROJECT: project ?? 'p',
    PULUMI_NODEJS_STACK: stack ?? 's',
    PULUMI_NODEJS_DRY_RUN: String(dryRun ?? true),
    PULUMI_CONFIG: JSON.stringify(config ?? {}),
  };
}

/** The first line of stdout, empty where the process ends without one. */
async function firstLine(child: Child): Promise<string> {
  const line = new Promise<string>((resolve) => {
    child.process.stdout.on('data', () => {
      const end = child.stdout().indexOf('\n');
      if (end >= 0) resolve(child.stdout().slice(0, end));
    });
  });
  return await Promise.race([line, child.closed.then(() => '')]);
}
