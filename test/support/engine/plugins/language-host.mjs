#!/usr/bin/env node
// pulumi-language-nodejs: runs a program with the Node SDK that the program itself resolves.

import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import language from '@pulumi/pulumi/proto/language_grpc_pb.js';
import messages from '@pulumi/pulumi/proto/language_pb.js';
import plugin from '@pulumi/pulumi/proto/plugin_pb.js';
import { serve } from './serve.mjs';

/** The SDK exits with this status when it has told the user already. */
const TOLD_THE_USER = 32;

const engine = process.argv.slice(2).find((argument) => !argument.startsWith('-'));

serve(language.LanguageRuntimeService, {
  getPluginInfo: () => new plugin.PluginInfo().setVersion('0.0.0'),
  // The engine finds providers on PATH, when resources are registered.
  getRequiredPackages: () => new messages.GetRequiredPackagesResponse(),
  run: async (request) => responseOf(await exitOf(start(request))),
});

function start(request) {
  const info = request.getInfo();
  const folder = info.getProgramDirectory();
  const runner = createRequire(join(folder, 'package.json')).resolve('@pulumi/pulumi/cmd/run');
  const options = {
    monitor: request.getMonitorAddress(),
    engine,
    organization: request.getOrganization(),
    project: request.getProject(),
    stack: request.getStack(),
    'root-directory': info.getRootDirectory(),
    pwd: request.getPwd(),
    parallel: request.getParallel(),
  };
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`]);
  const dryRun = request.getDryrun() ? ['--dry-run'] : [];
  return spawn(process.execPath, [runner, ...flags, ...dryRun, info.getEntryPoint(), ...request.getArgsList()], {
    cwd: request.getPwd(),
    env: {
      ...process.env,
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      PULUMI_NODEJS_TYPESCRIPT: 'true',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

function exitOf(child) {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => resolve(status ?? signal));
  });
}

function responseOf(exit) {
  const response = new messages.RunResponse();
  if (exit === TOLD_THE_USER) response.setBail(true);
  else if (exit !== 0) response.setError(`the program ended with ${exit}`);
  return response;
}
