/** Linux lets six ICMP errors to one address go at once, then one a second (net.ipv4.icmp_ratelimit); TCP resets are not held back. */
const quickAttempts = 8;
/** A lost packet makes one attempt slow as well; three in a row are no accident. */
const proof = 3;
/** A SYN without an answer is sent again after 1.0 s. */
const heldBack = 900;
/** What took longer at first is not repeated: a neighbour that does not answer takes 3 s each time. */
const firstAtMost = 1500;

function slowAtEnd(times: readonly number[]): number {
  const slow = Math.min(...times) + heldBack;
  const fast = times.findLastIndex((time) => time < slow);
  return times.length - 1 - fast;
}

/** Whether another attempt could tell more, after attempts that took `times` milliseconds and ended alike. At most ten in all. */
export function worthRepeating(times: readonly number[]): boolean {
  if ((times[0] ?? 0) > firstAtMost) return false;
  const slow = slowAtEnd(times);
  return slow < proof && (times.length < quickAttempts || slow > 0);
}

/**
 * Whether the answers were ICMP messages: fast ones first, then only such as were held back for a second. Measured on Linux. The
 * other way round is not sure, as senders other than Linux may hold nothing back; so this never says that it was a reset.
 */
export function areHeldBack(times: readonly number[]): boolean {
  const slow = slowAtEnd(times);
  const fast = times.slice(0, times.length - slow);
  return slow >= proof && fast.length > 0 && fast.every((time) => time < Math.min(...times) + heldBack);
}
