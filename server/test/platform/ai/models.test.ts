import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from '../../../src/cli/command-line.js';
import { catalogue, type Model } from '../../../src/platform/ai/sherpa/catalogue.js';
import { DownloadError, installModel } from '../../../src/platform/ai/sherpa/download.js';
import { installedModels, removeModel } from '../../../src/platform/ai/sherpa/models.js';
import { createSherpaTranscriber } from '../../../src/platform/ai/sherpa/transcriber.js';
import { sine } from '../../support/sound.js';

const weights = Buffer.alloc(300_000, 'a model of speech ');
const tokens = Buffer.from('<blk> 0\n');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

let models: string;
let server: Server;
let baseUrl: string;
let requests: { path: string; range: string | undefined }[];
/** Bytes after which each answer breaks off; none left: whole answers. */
let cuts: number[];
let served: Buffer;
let tag: string | undefined;

beforeEach(async () => {
  models = join(mkdtempSync(join(tmpdir(), 'earshot-models-')), 'models');
  requests = [];
  cuts = [];
  served = weights;
  tag = '"one"';
  server = createServer((request, response) => {
    const { range } = request.headers;
    requests.push({ path: request.url ?? '', range });
    if (request.url === '/missing') return void response.writeHead(404).end('<html>not here</html>');
    const body = request.url === '/tokens.txt' ? tokens : served;
    const from = Number(/bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
    const matches = request.headers['if-range'] === undefined || request.headers['if-range'] === tag;
    const start = range && matches ? from : 0;
    const part = body.subarray(start);
    response.writeHead(start > 0 ? 206 : 200, {
      'content-length': part.length,
      ...(tag ? { etag: tag } : {}),
    });
    const cut = cuts.shift();
    if (cut === undefined) return void response.end(part);
    response.write(part.subarray(0, cut), () => setTimeout(() => response.destroy(), 20));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  baseUrl = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
});
afterEach(async () => {
  rmSync(join(models, '..'), { recursive: true, force: true });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  vi.restoreAllMocks();
});

const model = (changes: Partial<Model> = {}): Model => ({
  name: 'small-model',
  title: 'A model',
  languages: ['en'],
  megabytes: 1,
  use: { kind: 'whisper', encoder: 'weights.onnx', decoder: 'weights.onnx' },
  tokens: 'tokens.txt',
  files: [
    { name: 'weights.onnx', url: `${baseUrl}/weights.onnx`, bytes: weights.length, sha256: sha256(weights) },
    { name: 'tokens.txt', url: `${baseUrl}/tokens.txt`, atMostBytes: 1_000 },
  ],
  ...changes,
});
const install = (which = model()) =>
  installModel(which, models, { pauseMilliseconds: 1, silenceMilliseconds: 2_000 });

describe('installing a model', () => {
  it('puts all of its files in place, checked where a digest is known and recorded where not', async () => {
    const files = await install();
    expect(files).toEqual([
      { name: 'weights.onnx', bytes: weights.length, sha256: sha256(weights), isChecked: true },
      { name: 'tokens.txt', bytes: tokens.length, sha256: sha256(tokens), isChecked: false },
    ]);
    expect(readFileSync(join(models, 'small-model', 'weights.onnx')).equals(weights)).toBe(true);
    expect(readdirSync(models)).toEqual(['small-model']);
    expect(readdirSync(join(models, 'small-model')).sort()).toEqual([
      'model.json',
      'tokens.txt',
      'weights.onnx',
    ]);
    expect(installedModels(models, [model()]).map((found) => found.model.name)).toEqual(['small-model']);
  });

  it('goes on where the connection broke off, again and again', async () => {
    cuts = [100_000, 50_000];
    await install();
    expect(requests.filter(({ path }) => path === '/weights.onnx').map(({ range }) => range)).toEqual([
      undefined,
      'bytes=100000-',
      'bytes=150000-',
    ]);
    expect(readFileSync(join(models, 'small-model', 'weights.onnx')).equals(weights)).toBe(true);
  });

  it('goes on in a later run, and is no installed model before', async () => {
    cuts = [40_000, 1, 1, 1, 1];
    await expect(install()).rejects.toThrow(/could not be downloaded.*Run the command again to go on/);
    expect(installedModels(models, [model()])).toEqual([]);
    requests = [];
    await install();
    expect(requests[0]?.range).toBe('bytes=40004-');
    expect(installedModels(models, [model()])).toHaveLength(1);
  });

  it('begins anew when the file on the server has changed meanwhile', async () => {
    const unknown = model({
      files: [{ name: 'weights.onnx', url: `${baseUrl}/weights.onnx`, atMostBytes: 400_000 }],
    });
    cuts = [100_000, 1, 1, 1, 1];
    await expect(install(unknown)).rejects.toThrow(DownloadError);
    served = Buffer.alloc(200_000, 'another model ');
    tag = '"two"';
    const [file] = await install(unknown);
    expect(file?.sha256).toBe(sha256(served));
  });

  it('throws away what has another digest or size, so that the next try begins anew', async () => {
    served = Buffer.from(weights);
    served[1_000] = 1;
    await expect(install()).rejects.toThrow(/not what it should be.*thrown away/);
    expect(installedModels(models, [model()])).toEqual([]);
    served = weights;
    await install();
    served = weights.subarray(0, 1_000);
    rmSync(join(models, 'small-model'), { recursive: true });
    await expect(install()).rejects.toThrow(/not what it should be/);
  });

  it('stops when more comes than can be right', async () => {
    const small = model({
      files: [{ name: 'weights.onnx', url: `${baseUrl}/weights.onnx`, atMostBytes: 1_000 }],
    });
    await expect(install(small)).rejects.toThrow(/larger than it should be/);
  });

  it('tells when the server does not have it, without trying five times', async () => {
    const gone = model({ files: [{ name: 'weights.onnx', url: `${baseUrl}/missing`, atMostBytes: 1_000 }] });
    await expect(install(gone)).rejects.toThrow(/answered 404/);
    expect(requests).toHaveLength(1);
  });

  it('writes nothing outside of its folder', async () => {
    for (const name of ['../escaped', '/etc/escaped', '..', 'a/b', '.hidden', 'a\\b']) {
      const [file] = model().files;
      if (!file) throw new Error('no file');
      await expect(install(model({ files: [{ ...file, name }] }))).rejects.toThrow(/outside of its folder/);
      await expect(install(model({ name }))).rejects.toThrow(/outside of its folder/);
    }
    expect(requests).toEqual([]);
    expect(existsSync(join(models, '..', 'escaped'))).toBe(false);
  });

  it('keeps what has been loaded when the operator stops it', async () => {
    const controller = new AbortController();
    const stopped = new Error('stopped');
    const installing = installModel(model(), models, {
      signal: controller.signal,
      pauseMilliseconds: 1,
      onProgress: () => controller.abort(stopped),
    });
    await expect(installing).rejects.toBe(stopped);
    expect(installedModels(models, [model()])).toEqual([]);
    await install();
  });

  it('is compared with what was recorded when it is installed again', async () => {
    await install();
    const [, second] = await install();
    expect(second?.isChecked).toBe(true);
  });
});

describe('removing a model', () => {
  it('removes it and what an unfinished download left, and nothing else', async () => {
    await install();
    mkdirSync(join(models, '.partial-small-model'));
    expect(await removeModel('small-model', models)).toBe(true);
    expect(readdirSync(models)).toEqual([]);
    expect(await removeModel('small-model', models)).toBe(false);
    writeFileSync(join(models, '..', 'precious'), 'x');
    for (const name of ['..', '../precious', '.', '/', ''])
      expect(await removeModel(name, models)).toBe(false);
    expect(existsSync(join(models, '..', 'precious'))).toBe(true);
  });
});

describe('a folder that is no whole model', () => {
  it('is not taken for one', async () => {
    await install();
    writeFileSync(join(models, 'small-model', 'weights.onnx'), 'half');
    expect(installedModels(models, [model()])).toEqual([]);
  });
});

describe('the catalogue', () => {
  it('names every file that a model uses, under https, with a bound on its size', () => {
    for (const { use, tokens: tokensName, files } of catalogue) {
      const names = files.map(({ name }) => name);
      const { kind: _, ...used } = use;
      expect(names).toEqual(expect.arrayContaining([tokensName, ...Object.values(used)]));
      for (const file of files) {
        expect(file.url.startsWith('https://')).toBe(true);
        expect(file.bytes ?? file.atMostBytes ?? 0).toBeGreaterThan(0);
      }
    }
  });
});

describe('a model that the native library does not like', () => {
  it('fails the call, not the server', { timeout: 30_000 }, async () => {
    const [broken] = catalogue;
    if (!broken) throw new Error('the catalogue is empty');
    const folder = join(models, broken.name);
    mkdirSync(folder, { recursive: true });
    const junk = Buffer.from('not a model');
    for (const { name } of broken.files) writeFileSync(join(folder, name), junk);
    const files = broken.files.map(({ name }) => ({ name, bytes: junk.length, sha256: sha256(junk) }));
    writeFileSync(join(folder, 'model.json'), JSON.stringify({ name: broken.name, files }));
    const transcriber = createSherpaTranscriber({ modelsDirectory: models });
    const audio = { samples: sine(300, 1, 16_000), sampleRate: 16_000 };
    for (let round = 0; round < 2; round += 1)
      await expect(transcriber.transcribe(audio)).rejects.toMatchObject({ statusCode: 503 });
    await transcriber.close();
  });
});

describe('earshot models', () => {
  const run = async (...words: string[]) => {
    const said: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((line) => void said.push(String(line)));
    vi.spyOn(console, 'error').mockImplementation((line) => void said.push(String(line)));
    const code = await runCommandLine(['models', ...words], { DATA_DIR: join(models, '..') });
    return { code, said: said.join('\n') };
  };

  it('lists what there is, and says how to get one', async () => {
    const { code, said } = await run('list');
    expect(code).toBe(0);
    for (const { name } of catalogue) expect(said).toContain(name);
    expect(said).toContain('earshot models install');
  });

  it('knows no other names and no other words', async () => {
    expect(await run('install', '../../etc')).toMatchObject({
      code: 1,
      said: expect.stringContaining('There is no model'),
    });
    expect(await run('remove', 'whisper-tiny.en')).toMatchObject({
      code: 1,
      said: expect.stringContaining('not installed'),
    });
    expect(await run('polish')).toMatchObject({ code: 1 });
    expect(requests).toEqual([]);
  });
});
