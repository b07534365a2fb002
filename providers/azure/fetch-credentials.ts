import type { TokenCredential } from '@azure/identity';
import { FetchError } from '../../src/record/index.js';
import type { Endpoint } from './fetch-endpoint.js';

/** What `az login`, the environment or the machine gives, tried out. @throws FetchError when no token can be had */
export async function openCredentials({ scope }: Endpoint, signal: AbortSignal): Promise<TokenCredential> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  try {
    const credential = new DefaultAzureCredential();
    await credential.getToken(scope, { abortSignal: signal });
    return credential;
  } catch (error) {
    signal.throwIfAborted();
    throw new FetchError({
      what: 'there are no Azure credentials',
      where: 'DefaultAzureCredential',
      why: error instanceof Error ? error.message : String(error),
      fix: 'log in (az login), or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET',
    });
  }
}
