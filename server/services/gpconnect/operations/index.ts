/** Every operation of the built-in providers. */
import type { ProviderOperation } from '../providerCall.ts';
import { metadataOperations } from './metadata.ts';

export const OPERATIONS: readonly ProviderOperation[] = [...metadataOperations];
