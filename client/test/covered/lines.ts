import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

interface Range {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}
interface Report {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly ranges: readonly Range[] }[];
  }[];
}

/** What V8 says that one process ran of a script: for each character, whether it was. */
function ranCharacters(functions: Report['result'][number]['functions'], length: number): Uint8Array {
  const ran = new Uint8Array(length);
  // From the outside in: what is inside knows better.
  const ranges = functions
    .flatMap((each) => each.ranges)
    .sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
  for (const { startOffset, endOffset, count } of ranges) ran.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  return ran;
}

/** Lines that do something: neither comments nor brackets alone. */
const counts = (line: string): boolean => /\w/.test(line) && !/^\s*(\/\/|\/?\*)/.test(line);

export interface LineCount {
  readonly lines: number;
  readonly covered: number;
  readonly missed: readonly number[];
}

/** Lines of each script below `root` that ran in at least one of the processes that wrote into `folder`, by path. */
export async function countLines(folder: string, root: URL): Promise<ReadonlyMap<string, LineCount>> {
  const sources = new Map<string, { readonly text: string; readonly ran: Uint8Array }>();
  for (const path of (await readdir(root, { recursive: true })).filter((each) => each.endsWith('.js'))) {
    const text = await readFile(new URL(path, root), 'utf8');
    sources.set(fileURLToPath(new URL(path, root)), { text, ran: new Uint8Array(text.length) });
  }
  for (const name of await readdir(folder)) {
    const report = JSON.parse(await readFile(`${folder}/${name}`, 'utf8')) as Report;
    for (const { url, functions } of report.result) {
      const source = url.startsWith(root.href) ? sources.get(fileURLToPath(url)) : undefined;
      if (!source) continue;
      ranCharacters(functions, source.text.length).forEach((value, index) => {
        if (value) source.ran[index] = 1;
      });
    }
  }
  const base = fileURLToPath(root);
  return new Map([...sources].map(([path, source]) => [path.slice(base.length), linesOf(source)]));
}

function linesOf({ text, ran }: { readonly text: string; readonly ran: Uint8Array }): LineCount {
  let offset = 0;
  let lines = 0;
  const missed: number[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const first = offset + line.search(/\S|$/);
    offset += line.length + 1;
    if (!counts(line)) continue;
    lines += 1;
    if (!ran[first]) missed.push(index + 1);
  }
  return { lines, covered: lines - missed.length, missed };
}
