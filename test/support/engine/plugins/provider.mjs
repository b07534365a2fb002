#!/usr/bin/env node
// pulumi-resource-aws, and by other names of this file the providers of other clouds: keeps no cloud at all. What is created has
// the id and the computed properties that its type has in the cloud; before that they are unknown, as with a bridged provider.

import { isDeepStrictEqual } from 'node:util';
import plugin from '@pulumi/pulumi/proto/plugin_pb.js';
import provider from '@pulumi/pulumi/proto/provider_grpc_pb.js';
import messages from '@pulumi/pulumi/proto/provider_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import struct from 'google-protobuf/google/protobuf/struct_pb.js';
import { answerOf } from './lookups.mjs';
import { computedOf, idOf, namedInputs, returnedInputs } from './resources.mjs';
import { serve } from './serve.mjs';

const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

let region = 'us-east-1';

serve(provider.ResourceProviderService, {
  getPluginInfo: () => new plugin.PluginInfo().setVersion('0.0.0'),
  checkConfig: (request) => new messages.CheckResponse().setInputs(request.getNews()),
  diffConfig: diff,
  configure,
  invoke: (request) => {
    const answer = answerOf(request.getTok(), valuesOf(request.getArgs()), region);
    return new messages.InvokeResponse().setReturn(structOf(answer));
  },
  check: (request) => {
    const inputs = namedInputs(resourceOf(request, valuesOf(request.getNews())));
    return new messages.CheckResponse().setInputs(structOf(inputs));
  },
  diff,
  create,
  read,
  update,
  delete: () => new empty.Empty(),
});

function configure(request) {
  region = valuesOf(request.getArgs()).region ?? region;
  return new messages.ConfigureResponse()
    .setSupportspreview(true)
    .setAcceptsecrets(true)
    .setAcceptresources(true)
    .setAcceptoutputs(true);
}

function diff(request) {
  const olds = valuesOf(request.getOldInputs());
  const news = valuesOf(request.getNews());
  const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
  const changed = keys.filter((key) => !isDeepStrictEqual(olds[key], news[key]));
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  return new messages.DiffResponse().setChanges(changed.length === 0 ? DIFF_NONE : DIFF_SOME).setDiffsList(changed);
}

function create(request) {
  const resource = resourceOf(request, valuesOf(request.getProperties()));
  const id = idOf(resource);
  const computed = computedOf(resource, id);
  if (request.getPreview()) {
    const inputs = returnedInputs(resource, id, () => UNKNOWN);
    const unknown = Object.fromEntries(Object.keys(computed).map((key) => [key, UNKNOWN]));
    return new messages.CreateResponse().setId('').setProperties(structOf({ ...unknown, ...inputs }));
  }
  const inputs = returnedInputs(resource, id);
  return new messages.CreateResponse().setId(id).setProperties(structOf({ ...computed, ...inputs }));
}

/** Finds whatever is looked for. */
function read(request) {
  const id = request.getId();
  const state = valuesOf(request.getProperties());
  const resource = resourceOf(request, valuesOf(request.getInputs()));
  return new messages.ReadResponse()
    .setId(id)
    .setProperties(structOf({ ...computedOf(resource, id), ...state }))
    .setInputs(request.getInputs());
}

/** What was computed stays as it was. */
function update(request) {
  const before = Object.keys(valuesOf(request.getOldInputs()));
  const kept = Object.entries(valuesOf(request.getOlds())).filter(([key]) => !before.includes(key));
  const inputs = returnedInputs(resourceOf(request, valuesOf(request.getNews())), request.getId());
  return new messages.UpdateResponse().setProperties(structOf({ ...Object.fromEntries(kept), ...inputs }));
}

function resourceOf(request, inputs) {
  return { urn: request.getUrn(), type: request.getType(), name: request.getName(), inputs, region };
}

function valuesOf(message) {
  return message?.toJavaScript() ?? {};
}

function structOf(values) {
  return struct.Struct.fromJavaScript(values);
}
