// The part of Lua-cURLv3 (module "cURL", rock Lua-cURL, Centreon's package lua-curl) that a connector needs.
// Source: measured on 0.3.13 with lua5.3 and LuaJIT, libcurl 7.88 (the project's toolchain.md); error names from
// the library's src/lcerr_easy.h. The types are global, since the module is loaded in `init` under pcall:
//   const [loaded, curl] = pcall(() => require("cURL") as CurlModule);

/** An error. Methods that fail raise it, as userdata on Lua 5.3 and later and as text before: use `tostring`. */
interface CurlError {
  /** 7 of `COULDNT_CONNECT`: the value of an `E_…` constant. */
  no(): number;
  /** `COULDNT_CONNECT`. */
  name(): string;
  /** `Couldn't connect to server`. */
  msg(): string;
  /** `CURL-EASY`. */
  category(): string;
}

/**
 * Receives a piece of the answer. Nothing, true or the number of bytes go on; 0, false or an explicit nil make the
 * transfer fail. It must not raise: within a multi the error is lost, and the transfer fails with WRITE_ERROR.
 */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- nothing and nil differ here
type CurlReceiver = (this: void, chunk: string) => boolean | number | void;

/** Options of one transfer. An unknown one raises, a wrong type raises. */
interface CurlEasyOptions {
  readonly url?: string;
  /** Ends once the connection is there, TLS included, and sends no request. */
  readonly connect_only?: boolean;
  readonly post?: boolean;
  /** Copied: need not be kept. */
  readonly postfields?: string;
  /** Lines such as `Content-Type: application/json`; `Expect:` takes that header away. */
  readonly httpheader?: readonly string[];
  /** A method other than POST and GET. */
  readonly customrequest?: string;
  readonly useragent?: string;
  /** Milliseconds for the whole transfer; 0: no limit. */
  readonly timeout_ms?: number;
  /** Milliseconds for resolving, connecting and TLS. */
  readonly connecttimeout_ms?: number;
  /** No signals for time limits: the broker is multi-threaded. */
  readonly nosignal?: boolean;
  readonly writefunction?: CurlReceiver;
  /** Gets one header line at a time, line end included. */
  readonly headerfunction?: CurlReceiver;
  /** `http://host:port`; "" for no proxy, whatever the environment says. */
  readonly proxy?: string;
  /** `user:password`, each percent-encoded. */
  readonly proxyuserpwd?: string;
  /** Host names that the proxy is not used for, separated by commas. */
  readonly noproxy?: string;
  readonly ssl_verifypeer?: boolean;
  /** 2: the certificate must be for the host's name. 0: any. */
  readonly ssl_verifyhost?: 0 | 2;
  /** Path of a file with certificates of authorities. */
  readonly cainfo?: string;
  /** Path of a directory with certificates of authorities. */
  readonly capath?: string;
  /** Path of the client's certificate. */
  readonly sslcert?: string;
  /** Path of the client's private key. */
  readonly sslkey?: string;
  /** Password of the private key. */
  readonly keypasswd?: string;
  /** A `HTTP_VERSION_…` constant. */
  readonly http_version?: number;
  /** Wait for a connection that can be shared rather than open another. */
  readonly pipewait?: boolean;
  /** Closes the connection when the transfer has ended. */
  readonly forbid_reuse?: boolean;
  readonly followlocation?: boolean;
  /** Sum of `PROTO_…` constants that are allowed. */
  readonly protocols?: number;
  /** "" for all that libcurl knows. */
  readonly accept_encoding?: string;
  readonly tcp_keepalive?: boolean;
  /** Bytes of the answer above which the transfer fails, if its length is announced. */
  readonly maxfilesize?: number;
}

/**
 * One transfer. Options stay until `reset`. It can be used again, and then keeps its connection. Any use after
 * `close` raises BAD_FUNCTION_ARGUMENT. Setters return the transfer itself.
 */
interface CurlEasy {
  setopt(options: CurlEasyOptions): CurlEasy;
  setopt_url(url: string): CurlEasy;
  setopt_httpheader(lines: readonly string[]): CurlEasy;
  setopt_postfields(body: string): CurlEasy;
  setopt_timeout_ms(milliseconds: number): CurlEasy;
  setopt_writefunction(receiver: CurlReceiver): CurlEasy;
  setopt_headerfunction(receiver: CurlReceiver): CurlEasy;
  /** Runs the transfer and waits for its end. Raises a `CurlError` (text on Lua 5.1 and LuaJIT). */
  perform(): CurlEasy;
  /** Value of an `INFO_…` constant. */
  getinfo(info: number): string | number;
  /** 0 when there was no answer. */
  getinfo_response_code(): number;
  /** Seconds, with a fraction. */
  getinfo_total_time(): number;
  /** Connections opened for the transfer: 0 when it went over one that was open already. */
  getinfo_num_connects(): number;
  /** Bytes of requests sent, repeated ones and CONNECT included. */
  getinfo_request_size(): number;
  /** The proxy's answer to CONNECT; 0 when there was none. */
  getinfo_http_connectcode(): number;
  getinfo_effective_url(): string;
  /** Address of the peer; "" when there was none. */
  getinfo_primary_ip(): string;
  /** All options as new; connections are kept. */
  reset(): CurlEasy;
  /** May be called again. */
  close(): void;
}

/** Options of a set of transfers. */
interface CurlMultiOptions {
  /** Connections kept open. */
  readonly maxconnects?: number;
  /** Connections open at once; further transfers wait. */
  readonly max_total_connections?: number;
  /** Connections open at once to one host. */
  readonly max_host_connections?: number;
}

/** Transfers that run together, over shared connections. Numbers it returns are floats on Lua 5.3 and later. */
interface CurlMulti {
  setopt(options: CurlMultiOptions): CurlMulti;
  setopt_max_total_connections(connections: number): CurlMulti;
  /** Starts a transfer at the next `perform`. */
  add_handle(easy: CurlEasy): CurlMulti;
  /** Needed before the transfer is added again; its connection is kept. */
  remove_handle(easy: CurlEasy): CurlMulti;
  /** Moves all transfers on without waiting. Returns how many still run. */
  perform(): number;
  /** Waits until a transfer can move on, at most so long. Returns at once when there is nothing to wait for. */
  wait(milliseconds: number): number;
  /** The next transfer that ended, the very object that was added, with true or an error; 0: none. */
  info_read(): LuaMultiReturn<
    [CurlEasy, true, undefined] | [CurlEasy, undefined, CurlError] | [0, undefined, undefined]
  >;
  close(): void;
}

/** What `require("cURL")` returns. Constants are numbers (floats on Lua 5.3 and later). */
interface CurlModule {
  easy(this: void, options?: CurlEasyOptions): CurlEasy;
  multi(this: void): CurlMulti;

  readonly INFO_RESPONSE_CODE: number;
  readonly HTTP_VERSION_2TLS: number;
  readonly PROTO_HTTP: number;
  readonly PROTO_HTTPS: number;

  // Nothing can have reached the server.
  /** 5 */
  readonly E_COULDNT_RESOLVE_PROXY: number;
  /** 6 */
  readonly E_COULDNT_RESOLVE_HOST: number;
  /** 7 */
  readonly E_COULDNT_CONNECT: number;
  /** 35: the TLS handshake failed. */
  readonly E_SSL_CONNECT_ERROR: number;
  /** 60: the server's certificate was refused. */
  readonly E_PEER_FAILED_VERIFICATION: number;
  /** 77: the file of `cainfo` cannot be read. */
  readonly E_SSL_CACERT_BADFILE: number;

  // The request may have reached the server.
  /** 28 */
  readonly E_OPERATION_TIMEDOUT: number;
  /** 52: the connection was closed without an answer. */
  readonly E_GOT_NOTHING: number;
  /** 55 */
  readonly E_SEND_ERROR: number;
  /** 56 */
  readonly E_RECV_ERROR: number;
}

/** @noResolution */
declare module "cURL" {
  const cURL: CurlModule;
  export = cURL;
}
