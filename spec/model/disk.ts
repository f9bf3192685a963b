// Files in memory, as a process sees them that can be killed: what was flushed stays, what was not is lost, and a
// flush within which the process dies leaves a torn end. Can be full.
import { type Life, effect } from "./world";

interface Contents {
  chunks: string[];
}

/** The part of Lua's file that the connector uses. */
interface OpenFile {
  read(format: string): string | undefined;
  write(...parts: string[]): OpenFile;
  flush(): LuaMultiReturn<[true | undefined, string?]>;
  close(): LuaMultiReturn<[true | undefined, string?]>;
}

export interface Disk {
  isFull: boolean;
  /** Somebody else writes a file, or takes it away. */
  readonly put: (this: void, path: string, text: string | undefined) => void;
  readonly open: (
    this: void,
    life: Life,
    path: string,
    mode: string,
  ) => LuaMultiReturn<[OpenFile] | [undefined, string, number]>;
  readonly rename: (
    this: void,
    life: Life,
    from: string,
    to: string,
  ) => LuaMultiReturn<[true] | [undefined, string]>;
}

const FULL = "No space left on device";

function textOf(contents: Contents): string {
  const text = table.concat(contents.chunks);
  contents.chunks = [text];
  return text;
}

export function createDisk(): Disk {
  const files: Record<string, Contents | undefined> = {};

  const openFile = (life: Life, contents: Contents): OpenFile => {
    let buffer: string[] = [];
    /** Hands what is buffered to the system. */
    const handOver = (): LuaMultiReturn<[true | undefined, string?]> => {
      const text = table.concat(buffer);
      if (text === "") return $multi(true);
      buffer = [];
      if (disk.isFull) return $multi(undefined, FULL);
      const outcome = effect(life);
      if (outcome === "whole") contents.chunks.push(text);
      else if (outcome === "cut short")
        contents.chunks.push(string.sub(text, 1, math.floor(text.length / 2)));
      return $multi(true);
    };
    const file: OpenFile = {
      read(): string | undefined {
        return textOf(contents);
      },
      write(...parts: string[]): OpenFile {
        for (const part of parts) buffer.push(part);
        return file;
      },
      flush: () => handOver(),
      close: () => handOver(),
    };
    return file;
  };

  const disk: Disk = {
    isFull: false,
    put: (path, text) => {
      files[path] = text === undefined ? undefined : { chunks: [text] };
    },
    open: (life, path, mode) => {
      const isForReading = string.sub(mode, 1, 1) === "r";
      if (isForReading) {
        const contents = files[path];
        if (contents === undefined) return $multi(undefined, `${path}: No such file or directory`, 2);
        return $multi(openFile(life, contents));
      }
      let contents = files[path];
      if (effect(life) !== "too late" && (contents === undefined || string.sub(mode, 1, 1) === "w")) {
        contents = { chunks: [] };
        files[path] = contents;
      }
      return $multi(openFile(life, contents ?? { chunks: [] }));
    },
    rename: (life, from, to) => {
      const contents = files[from];
      if (contents === undefined) return $multi(undefined, `${from}: No such file or directory`);
      if (effect(life) !== "too late") {
        files[to] = contents;
        files[from] = undefined;
      }
      return $multi(true);
    },
  };
  return disk;
}
