import { type handleUnaryCall, Server, ServerCredentials, status } from '@grpc/grpc-js';
import { EngineService, type IEngineServer } from '@pulumi/pulumi/proto/engine_grpc_pb.js';
import { GetRootResourceResponse, SetRootResourceResponse } from '@pulumi/pulumi/proto/engine_pb.js';
import { InvokeResponse } from '@pulumi/pulumi/proto/provider_pb.js';
import { type IResourceMonitorServer, ResourceMonitorService } from '@pulumi/pulumi/proto/resource_grpc_pb.js';
import {
  ReadResourceResponse,
  RegisterPackageResponse,
  type RegisterResourceRequest,
  RegisterResourceResponse,
  SupportsFeatureResponse,
} from '@pulumi/pulumi/proto/resource_pb.js';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb.js';
import { fromStruct, type Properties, toStruct } from './properties.js';
import { type Deployment, Registrations, type Wanted } from './registrations.js';
import { channelOptions } from './unary.js';

/** What a current engine can, without what calls the program back (transforms, hooks). */
const features: readonly string[] = [
  'secrets',
  'resourceReferences',
  'outputValues',
  'deletedWith',
  'replaceWith',
  'aliasSpecs',
  'parameterization',
];
const severities = ['debug', 'info', 'warning', 'error'] as const;

/** A method that is missing answers UNIMPLEMENTED. */
type MonitorCalls = Pick<
  IResourceMonitorServer,
  | 'supportsFeature'
  | 'registerPackage'
  | 'registerResource'
  | 'registerResourceOutputs'
  | 'readResource'
  | 'invoke'
  | 'signalAndWaitForShutdown'
>;
type EngineCalls = Pick<IEngineServer, 'log' | 'getRootResource' | 'setRootResource'>;

export interface World extends Deployment {
  /** What a function of a provider answers; undefined fails the call. */
  readonly invoke: (token: string, args: Properties) => Properties | undefined;
  /** What a resource that is there already is like, for `Type.get(name, id)`. */
  readonly read: (type: string, id: string) => Properties;
}

/** A resource that a program read: in a real deployment no pack is told of it. */
export interface ReadResource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly id: string;
}

export interface LogLine {
  readonly severity: (typeof severities)[number];
  readonly message: string;
}

/** Stands in for the resource monitor and the engine of a preview in which everything is new: it answers what a program asks for. */
export class Monitor {
  readonly registrations: Registrations;
  readonly reads: ReadResource[] = [];
  readonly invokes: { readonly token: string; readonly args: Properties }[] = [];
  readonly log: LogLine[] = [];
  private readonly world: World;
  private readonly server = new Server(channelOptions);

  constructor(world: World) {
    this.world = world;
    this.registrations = new Registrations(world);
    this.server.addService(ResourceMonitorService, this.monitor());
    this.server.addService(EngineService, this.engine());
  }

  /** Listens on loopback, and says where. */
  async start(): Promise<string> {
    const port = await new Promise<number>((resolve, reject) => {
      this.server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    return `127.0.0.1:${port}`;
  }

  stop(): void {
    this.server.forceShutdown();
  }

  private monitor(): MonitorCalls {
    const { registrations } = this;
    return {
      supportsFeature: answered((asked) =>
        new SupportsFeatureResponse().setHassupport(features.includes(asked.getId())),
      ),
      registerPackage: answered((asked) => new RegisterPackageResponse().setRef(`${asked.getName()}-package`)),
      registerResource: answered((asked) => {
        const { urn, outputs } = registrations.add(wantedIn(asked));
        const answer = new RegisterResourceResponse().setUrn(urn);
        answer.setObject(toStruct(outputs));
        return answer;
      }),
      registerResourceOutputs: answered((asked) => {
        registrations.end(asked.getUrn(), fromStruct(asked.getOutputs()));
        return new Empty();
      }),
      readResource: answered((asked) => {
        const [type, name, id] = [asked.getType(), asked.getName(), asked.getId()];
        const urn = registrations.urnOf(type, name, asked.getParent());
        this.reads.push({ type, name, urn, id });
        const answer = new ReadResourceResponse().setUrn(urn);
        answer.setProperties(toStruct({ ...fromStruct(asked.getProperties()), ...this.world.read(type, id) }));
        return answer;
      }),
      invoke: answered((asked) => {
        const [token, args] = [asked.getTok(), fromStruct(asked.getArgs())];
        this.invokes.push({ token, args });
        const found = this.world.invoke(token, args);
        if (!found) throw new Error(`nothing answers ${token} ${JSON.stringify(args)}`);
        const answer = new InvokeResponse();
        answer.setReturn(toStruct(found));
        return answer;
      }),
      signalAndWaitForShutdown: answered(() => new Empty()),
    };
  }

  private engine(): EngineCalls {
    return {
      log: answered((asked) => {
        const severity = severities[asked.getSeverity()];
        if (severity !== 'debug') this.log.push({ severity, message: asked.getMessage() });
        return new Empty();
      }),
      getRootResource: answered(() => new GetRootResourceResponse().setUrn(this.registrations.stack)),
      setRootResource: answered(() => new SetRootResourceResponse()),
    };
  }
}

function answered<Asked, Answer>(answer: (asked: Asked) => Answer): handleUnaryCall<Asked, Answer> {
  return ({ request }, done) => {
    try {
      done(null, answer(request));
    } catch (error) {
      done({ code: status.UNKNOWN, details: error instanceof Error ? error.message : String(error) });
    }
  };
}

function wantedIn(asked: RegisterResourceRequest): Wanted {
  const propertyDependencies: Record<string, readonly string[]> = {};
  asked.getPropertydependenciesMap().forEach((urns, property) => {
    propertyDependencies[property] = urns.getUrnsList();
  });
  return {
    type: asked.getType(),
    name: asked.getName(),
    custom: asked.getCustom(),
    parent: asked.getParent(),
    provider: asked.getProvider(),
    version: asked.getVersion(),
    inputs: fromStruct(asked.getObject()),
    dependencies: asked.getDependenciesList(),
    propertyDependencies,
    options: {
      protect: asked.getProtect() ?? false,
      ignoreChanges: asked.getIgnorechangesList(),
      ...(asked.getDeletebeforereplacedefined() && { deleteBeforeReplace: asked.getDeletebeforereplace() }),
      additionalSecretOutputs: asked.getAdditionalsecretoutputsList(),
    },
  };
}
