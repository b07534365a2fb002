import { afterEach } from '@jest/globals';
import { f0 } from '../aws/fixture.js';
import { type AwsEnvironment, awsEnvironment } from './environment.js';
import { type AwsServer, type AwsServerOptions, type Intercept, startAwsServer } from './server.js';

/** A server for each test of a file, and the environment that leads the SDK to it. */
export interface Loopback extends AwsEnvironment {
  /** Starts the test's server, over F0 where nothing else is given; `intercept` takes over what it answers. */
  serve(options?: Partial<AwsServerOptions>, intercept?: Intercept): Promise<AwsServer>;
}

export function loopback(): Loopback {
  const environment = awsEnvironment();
  const servers: AwsServer[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));
  return {
    ...environment,
    async serve(options, intercept) {
      const server = await startAwsServer({ documents: f0().documents(), ...options }, intercept);
      servers.push(server);
      environment.set({ AWS_ENDPOINT_URL: server.url });
      return server;
    },
  };
}
