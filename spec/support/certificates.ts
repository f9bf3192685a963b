// Certificates of a client for specs: an authority, and a client's certificate with its key, in the clear and under
// a password. The server's own are tools/sandbox's.
import { outputOf, temporaryPath } from "./process";

/** Paths of PEM files. */
export interface ClientCertificates {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
  /** The same key, under `password`. */
  readonly lockedKey: string;
  readonly password: string;
  readonly remove: (this: void) => void;
}

/** Makes them with the openssl command. Remove them in the spec's teardown. */
export function makeClientCertificates(): ClientCertificates {
  const folder = temporaryPath(".certificates");
  const password = "open sesame";
  const request = "openssl req -x509 -days 2 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc";
  const trouble = outputOf(
    `exec 2>&1; set -e; mkdir ${folder}; cd ${folder}; ` +
      `${request} -subj /CN=clients -keyout authority.key -out authority.pem; ` +
      `${request} -subj /CN=connector -keyout client.key -out client.pem -CA authority.pem -CAkey authority.key ` +
      "-addext basicConstraints=critical,CA:false; " +
      `openssl pkcs8 -topk8 -in client.key -out locked.key -passout 'pass:${password}'; echo made`,
  );
  if (string.find(trouble, "made\n$")[0] === undefined) error(`openssl: ${trouble}`);
  return {
    authority: `${folder}/authority.pem`,
    certificate: `${folder}/client.pem`,
    key: `${folder}/client.key`,
    lockedKey: `${folder}/locked.key`,
    password,
    remove: () => {
      os.execute(`rm -r ${folder}`);
    },
  };
}

/** A folder as http_ca_path wants it, made by `openssl rehash` from one authority's certificate. */
export function makeAuthorityFolder(certificate: string): string {
  const folder = temporaryPath(".authorities");
  outputOf(`mkdir ${folder} && cp ${certificate} ${folder}/ && openssl rehash ${folder} 2>&1`);
  return folder;
}
