// A certificate for localhost and 127.0.0.1 from a certificate authority of its own, made by the openssl command.
// Owns the files it makes; serving with them is the server's.
import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** Longer than any sandbox lives, short enough to be worthless if it leaks. */
const DAYS_VALID = "2";

const OPENSSL_CONFIG = `
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[server]
subjectAltName = DNS:localhost, IP:127.0.0.1
extendedKeyUsage = serverAuth, clientAuth
`;

export interface Certificates {
  /** PEM: what a client has to trust. */
  ca_file: string;
  key: Buffer;
  cert: Buffer;
}

/** Makes authority and certificate in `directory` (which must exist); rejects when openssl fails or is missing. */
export async function makeCertificates(directory: string): Promise<Certificates> {
  const file = (name: string) => join(directory, name);
  const config = file("openssl.cnf");
  await writeFile(config, OPENSSL_CONFIG);
  const make = (name: string, subject: string, ...more: string[]) =>
    promisify(execFile)("openssl", [
      ...["req", "-x509", "-config", config, "-extensions", name, "-days", DAYS_VALID, "-subj", subject],
      ...["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"],
      ...["-keyout", file(`${name}.key`), "-out", file(`${name}.pem`), ...more],
    ]);
  await make("authority", "/CN=PagerDuty sandbox test CA");
  await make("server", "/CN=localhost", "-CA", file("authority.pem"), "-CAkey", file("authority.key"));
  const [key, cert] = await Promise.all([readFile(file("server.key")), readFile(file("server.pem"))]);
  // Only the authority's certificate is of use to anyone else.
  await Promise.all(["authority.key", "server.key", "openssl.cnf"].map((name) => rm(file(name))));
  return { ca_file: file("authority.pem"), key, cert };
}
