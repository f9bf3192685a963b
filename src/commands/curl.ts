// lua-curl for the commands: the true module, or one that only pretends, and notes what it was given.

/** lua-curl, or what to do to have it. */
export function loadCurl(): CurlModule | string {
  const [isLoaded, result] = pcall(() => require("cURL") as Partial<CurlModule>);
  // Debian's own lua-curl has a module of this name, too, and no multi.
  if (isLoaded && type(result) === "table" && result.easy !== undefined && result.multi !== undefined)
    return result as CurlModule;
  return (
    `lua-curl (Lua-cURLv3) cannot be loaded by this Lua (${_VERSION}): install it from Centreon's repository ` +
    "(dnf install lua-curl, apt install lua-curl), or choose the Lua that has it"
  );
}

/** The answer of a PagerDuty that takes everything. */
const ACCEPTED = 202;

/** A lua-curl that sends nothing: `note` gets each body, and PagerDuty seems to accept it at once. */
export function createNotingCurl(note: (this: void, body: string) => void): CurlModule {
  const createEasy = (): CurlEasy => {
    let body = "";
    const easy: Partial<CurlEasy> = {
      setopt() {
        return easy as CurlEasy;
      },
      setopt_url() {
        return easy as CurlEasy;
      },
      setopt_postfields(text) {
        body = text;
        return easy as CurlEasy;
      },
      perform() {
        note(body);
        return easy as CurlEasy;
      },
      getinfo_response_code() {
        return ACCEPTED;
      },
      getinfo_num_connects() {
        return 0;
      },
      getinfo_request_size() {
        return body.length;
      },
      getinfo_http_connectcode() {
        return 0;
      },
    };
    return easy as CurlEasy;
  };
  const createMulti = (): CurlMulti => {
    const ended: CurlEasy[] = [];
    const multi: Partial<CurlMulti> = {
      setopt() {
        return multi as CurlMulti;
      },
      add_handle(easy) {
        easy.perform();
        ended.push(easy);
        return multi as CurlMulti;
      },
      remove_handle() {
        return multi as CurlMulti;
      },
      perform() {
        return 0;
      },
      wait() {
        return 0;
      },
      info_read() {
        const easy = ended.pop();
        if (easy === undefined) return $multi(0, undefined, undefined);
        return $multi(easy, true, undefined);
      },
    };
    return multi as CurlMulti;
  };
  const noting: Partial<CurlModule> = {
    easy: createEasy,
    multi: createMulti,
    HTTP_VERSION_2TLS: 0,
    PROTO_HTTP: 0,
    PROTO_HTTPS: 0,
  };
  return noting as CurlModule;
}
