import { afterEach, beforeEach } from '@jest/globals';
import { tempFolder } from '../temp-folder.js';

/** Gives every test of a file its own AWS environment: keys, region, no metadata service, empty configuration files. */
export interface AwsEnvironment {
  /** Sets variables until the end of the test; undefined removes one. */
  set(variables: Readonly<Record<string, string | undefined>>): void;
  /** Replaces the configuration file with its profiles; each is a new file, for the SDK reads a file once. */
  configure(text: string): void;
}

export function awsEnvironment(): AwsEnvironment {
  let before: NodeJS.ProcessEnv = {};
  let folder = tempFolder();
  const set: AwsEnvironment['set'] = (variables) => {
    for (const [name, value] of Object.entries(variables)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  beforeEach(() => {
    before = { ...process.env };
    folder = tempFolder();
    for (const name of Object.keys(process.env).filter((key) => key.startsWith('AWS_'))) delete process.env[name];
    set({
      AWS_ACCESS_KEY_ID: 'AKIALOOPBACK',
      AWS_SECRET_ACCESS_KEY: 'not a secret',
      AWS_REGION: 'eu-west-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: `${folder.path}/config`,
      AWS_SHARED_CREDENTIALS_FILE: `${folder.path}/credentials`,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    });
  });
  afterEach(() => {
    set(Object.fromEntries(Object.keys(process.env).map((name) => [name, before[name]])));
    set(before);
    folder.remove();
  });
  let files = 0;
  return {
    set,
    configure(text) {
      files += 1;
      const name = `config-${files}`;
      folder.write({ [name]: text });
      set({ AWS_CONFIG_FILE: `${folder.path}/${name}` });
    },
  };
}
