// Centreon's encrypted values: from 25.10 on the export writes parameters of type password as `encrypt::…`, and the
// broker decrypts them before init. Owns the form of such values and of the file with their keys.
import { decode } from "../../text/json";
import { decodeBase64 } from "../../text/base64";
import { decryptAes256Cbc } from "./aes";
import { hmacSha3Of } from "./sha3";

/** Where Centreon keeps the keys. */
export const ENGINE_CONTEXT = "/etc/centreon-engine/engine-context.json";

const PREFIX = "encrypt::";

/** What stands before the ciphertext: the initialization vector, and the HMAC of the ciphertext. */
const INITIALIZATION_BYTES = 16;
const HMAC_BYTES = 64;

/** The keys of one Centreon. */
export interface EngineContext {
  readonly secret: string;
  readonly salt: string;
}

export function isEncrypted(value: string): boolean {
  return string.sub(value, 1, PREFIX.length) === PREFIX;
}

/** Reads the text of an engine-context.json; undefined: it is none. */
export function readEngineContext(text: string): EngineContext | undefined {
  const result = decode(text);
  if (!result.ok || typeof result.value !== "object") return undefined;
  const { app_secret: secret, salt } = result.value as Readonly<Record<string, unknown>>;
  if (typeof secret !== "string" || typeof salt !== "string") return undefined;
  const [secretBytes, saltBytes] = [decodeBase64(secret), decodeBase64(salt)];
  if (secretBytes === undefined || saltBytes === undefined) return undefined;
  return { secret: secretBytes, salt: saltBytes };
}

/** What an encrypted value stands for; undefined: it was encrypted with other keys, or it is damaged. */
export function decrypted(value: string, { secret, salt }: EngineContext): string | undefined {
  const bytes = decodeBase64(string.sub(value, PREFIX.length + 1)) ?? "";
  const initialization = string.sub(bytes, 1, INITIALIZATION_BYTES);
  const hmac = string.sub(bytes, INITIALIZATION_BYTES + 1, INITIALIZATION_BYTES + HMAC_BYTES);
  const ciphertext = string.sub(bytes, INITIALIZATION_BYTES + HMAC_BYTES + 1);
  if (hmac !== hmacSha3Of(ciphertext, salt)) return undefined;
  return decryptAes256Cbc(ciphertext, secret, initialization);
}
