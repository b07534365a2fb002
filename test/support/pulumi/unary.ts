import type { ClientUnaryCall, ServiceError } from '@grpc/grpc-js';

/** What the engine and the SDKs set on both sides (400 MiB). */
export const channelOptions = {
  'grpc.max_receive_message_length': 400 << 20,
  'grpc.max_send_message_length': 400 << 20,
};

/** A call with one answer, as a promise. */
export function unary<Answer>(
  call: (done: (error: ServiceError | null, answer: Answer) => void) => ClientUnaryCall,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    call((error, answer) => (error ? reject(error) : resolve(answer)));
  });
}
