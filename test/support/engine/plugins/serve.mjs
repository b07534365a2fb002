import grpc from '@grpc/grpc-js';

const PARENT_ASKED_EVERY_MS = 1000;

/**
 * Serves on a free port of loopback and prints it, which is how the engine learns of it. Each handler gets a request and
 * answers a response or its promise; methods without a handler are unimplemented.
 */
export function serve(service, handlers) {
  const methods = Object.entries(handlers).map(([name, answer]) => [name, unary(answer)]);
  const server = new grpc.Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
  server.addService(service, Object.fromEntries(methods));
  server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
  endWithParent();
}

function unary(answer) {
  return async ({ request }, callback) => {
    try {
      callback(null, await answer(request));
    } catch (error) {
      callback({ code: grpc.status.UNKNOWN, message: error.stack });
    }
  };
}

/** An engine that is killed tells nobody. */
function endWithParent() {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, PARENT_ASKED_EVERY_MS).unref();
}
