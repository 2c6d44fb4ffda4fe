import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { loadConfig } from '../../src/config.js';
import { configSchema } from '../../src/config-schema.js';
import { sqlitePathOf } from '../../src/connect.js';
import { version } from '../../src/version.js';
import { type Ground, layGround, startServer, type TestServer } from '../support/servers.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
/** Without the built server and pages, which an image build makes itself. */
const isHere = (file: string): boolean =>
  existsSync(join(root, file.replace(/^server\/dist/, 'server/src').replace(/^web\/dist/, 'web/src'))) ||
  existsSync(join(root, file.replace(/^server\/dist/, 'server/src').replace(/\.js$/, '.ts')));

/** What Earshot leaves itself to stop, in seconds (cli/serve.ts). */
const STOPS_WITHIN = 10;
const known = new Set([...Object.keys(configSchema.properties), 'MALLOC_ARENA_MAX']);
const unknownOf = (names: Iterable<string>) => [...names].filter((name) => !known.has(name));
/** A version of at least two numbers, so that the same file is the same software tomorrow. */
const PINNED = /:v?\d+\.\d+[\w.-]*$/;
const seconds = (duration: unknown): number => Number(/^(\d+)s$/.exec(String(duration))?.[1]);

/** Which route answers is decided by the server itself. */
let ground: Ground;
let server: TestServer;
beforeAll(async () => {
  ground = await layGround('SQLite and files');
  server = await startServer(ground);
});
afterAll(async () => {
  await server.stop();
  await ground.remove();
});
const answers = (path: string) => server.built.http.hasRoute({ method: 'GET', url: path });

describe('the Dockerfile', () => {
  const instructions = read('deploy/Dockerfile')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [instruction = '', ...words] = line.trim().split(/\s+/);
      return { instruction, words, line };
    });
  const all = (instruction: string) => instructions.filter((one) => one.instruction === instruction);
  const lastStage = instructions.slice(
    instructions.findLastIndex(({ instruction }) => instruction === 'FROM'),
  );
  const last = (instruction: string) => lastStage.find((one) => one.instruction === instruction)?.words;
  const copies = all('COPY').map(({ words }) => {
    const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
    return { from, sources: words.filter((word) => !word.startsWith('--')).slice(0, -1) };
  });

  it('builds in stages of one pinned Node, whose compiled parts are those of the target', () => {
    const [nodeVersion] = all('ARG').flatMap(({ words }) => words);
    expect(nodeVersion).toMatch(/^NODE_VERSION=\d+\.\d+\.\d+$/);
    const stages = all('FROM').map(({ words }) => ({
      image: words.find((word) => !word.startsWith('--')),
      onBuilder: words.includes('--platform=$BUILDPLATFORM'),
      name: words.at(-1),
    }));
    for (const { image } of stages) expect(image).toMatch(/^node:\$\{NODE_VERSION\}-/);
    expect(stages.filter(({ onBuilder }) => onBuilder).map(({ name }) => name)).toEqual(['build']);
    const named = stages.map(({ name }) => name);
    const [modules] = copies.filter(({ sources }) => sources.includes('/app/node_modules'));
    expect(modules?.from).toBe('dependencies');
    for (const { from } of copies) if (from) expect(named).toContain(from);
  });

  it('copies what is there, and leaves out what an image build must not see', () => {
    const ignored = read('.dockerignore').split('\n');
    for (const name of ['**/node_modules', '**/dist', 'data', '.git']) expect(ignored).toContain(name);
    for (const { from, sources } of copies) {
      for (const source of sources)
        expect(isHere(from ? source.replace('/app/', '') : source), source).toBe(true);
    }
  });

  it('runs the server as a user by number who is not root, and asks after its health', () => {
    expect(last('USER')).toEqual(['1000:1000']);
    expect(JSON.parse((last('ENTRYPOINT') ?? []).join(' '))).toEqual(['node', 'server/dist/main.js']);
    expect(last('EXPOSE')).toEqual(['3000']);
    const check = lastStage.find(({ instruction }) => instruction === 'HEALTHCHECK')?.line ?? '';
    const [, script = ''] = /CMD \["node", "(.+)"\]/.exec(check) ?? [];
    const [, path = ''] = /:\$\{port\}(\/[\w/]+)`/.exec(read(script)) ?? [];
    expect(answers(path), path).toBe(true);
    expect(unknownOf((last('ENV') ?? []).map((pair) => pair.split('=')[0] ?? ''))).toEqual([]);
  });
});

describe('compose.yaml', () => {
  const compose = parse(read('deploy/compose.yaml'), { merge: true });
  const nodes = Object.entries<Service>(compose.services).filter(([, { image }]) =>
    image.startsWith('earshot:'),
  );

  interface Service {
    readonly image: string;
    readonly hostname?: string;
    readonly stop_grace_period?: string;
    readonly environment: Readonly<Record<string, string>>;
    readonly volumes?: readonly string[];
    readonly depends_on?: Readonly<Record<string, object>>;
  }

  it('pins every image, and builds this version', () => {
    for (const { image } of Object.values<Service>(compose.services)) expect(image).toMatch(PINNED);
    for (const [, { image }] of nodes) expect(image).toBe(`earshot:${version}`);
  });

  it('has two nodes that differ in nothing but their folders, and Caddy before both', () => {
    expect(nodes.map(([name]) => name)).toEqual(['app-1', 'app-2']);
    for (const [name, { hostname, volumes }] of nodes) {
      expect(hostname).toBe(name);
      expect(volumes).toEqual([`${name}:/data`]);
    }
    const { environment } = compose.services.caddy;
    expect(environment.EARSHOT_NODES).toBe(nodes.map(([name]) => `${name}:3000`).join(' '));
    for (const name of Object.keys(environment)) expect(read('deploy/Caddyfile')).toContain(`{$${name}:`);
  });

  it('names services and volumes that exist', () => {
    for (const { depends_on = {}, volumes = [] } of Object.values<Service>(compose.services)) {
      for (const name of Object.keys(depends_on)) expect(Object.keys(compose.services)).toContain(name);
      for (const volume of volumes) {
        const [source = ''] = volume.split(':');
        if (source.startsWith('.')) expect(isHere(join('deploy', source))).toBe(true);
        else expect(Object.keys(compose.volumes)).toContain(source);
      }
    }
  });

  it('gives the nodes settings that the server knows and starts with, and time to stop', () => {
    for (const [, { environment, stop_grace_period }] of nodes) {
      expect(unknownOf(Object.keys(environment))).toEqual([]);
      expect(seconds(stop_grace_period)).toBeGreaterThan(STOPS_WITHIN);
      const filled = Object.entries(environment).map(([name, value]) => [name, filledIn(value)]);
      const config = loadConfig({ NODE_ENV: 'production', ...Object.fromEntries(filled) });
      expect(config.TRUST_PROXY).toBe('uniquelocal');
    }
  });

  /** As Compose does with a .env that holds what must be there. */
  const filledIn = (value: string): string =>
    value.replaceAll(/\$\{\w+:([-?])([^}]*)\}/g, (_, kind, rest) =>
      kind === '?' ? '0123456789abcdef'.repeat(4) : rest,
    );
});

describe('the Kubernetes manifests', () => {
  const folder = 'deploy/kubernetes';
  const kustomization = parse(read(`${folder}/kustomization.yaml`));
  // biome-ignore lint/suspicious/noExplicitAny: manifests have every shape
  const manifests: any[] = kustomization.resources.flatMap((file: string) =>
    parseAllDocuments(read(`${folder}/${file}`)).map((document) => document.toJS()),
  );
  const the = (kind: string) => manifests.find((one) => one.kind === kind);
  const { replicas, strategy, selector, template } = the('Deployment').spec;
  const [container] = template.spec.containers;
  const { data: settings } = the('ConfigMap');

  it('are all applied, with this version pinned', () => {
    const files = readdirSync(join(root, folder)).filter((file) => file !== 'kustomization.yaml');
    expect([...kustomization.resources].sort()).toEqual(files.sort());
    expect(container.image).toBe(`earshot:${version}`);
    expect(kustomization.images).toMatchObject([{ name: 'earshot', newTag: version }]);
  });

  it('run two nodes or more, of which one is always left', () => {
    expect(replicas).toBeGreaterThanOrEqual(2);
    expect(strategy.rollingUpdate.maxUnavailable).toBe(0);
    expect(the('PodDisruptionBudget').spec).toEqual({ minAvailable: 1, selector });
    expect(template.metadata.labels).toEqual(selector.matchLabels);
  });

  it('ask routes that exist, and wait longer than the server looks', () => {
    const { startupProbe, livenessProbe, readinessProbe } = container;
    for (const { httpGet } of [startupProbe, livenessProbe, readinessProbe]) {
      expect(answers(httpGet.path), httpGet.path).toBe(true);
      expect(container.ports.map(({ name }: { name: string }) => name)).toContain(httpGet.port);
    }
    expect(readinessProbe.httpGet.path).toBe('/health/ready');
    expect(readinessProbe.timeoutSeconds).toBeGreaterThan(3);
    expect(livenessProbe.httpGet.path).toBe('/health');
  });

  it('give a node the time to be forgotten by balancers and then to stop', () => {
    const [sleep, pause] = container.lifecycle.preStop.exec.command;
    expect(sleep).toBe('sleep');
    expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThan(Number(pause) + STOPS_WITHIN);
  });

  it('take secrets by reference, settings that the server knows, and start with them', () => {
    const given = container.env.map(({ name }: { name: string }) => name);
    expect(unknownOf([...Object.keys(settings), ...given])).toEqual([]);
    expect(Object.keys(settings).filter((name) => /SECRET|KEY|PASSWORD|_URL$/.test(name))).toEqual([
      'PUBLIC_URL',
    ]);
    for (const { name, value, valueFrom } of container.env) {
      expect(value).toBeUndefined();
      expect(valueFrom.secretKeyRef.key).toBe(name);
    }
    const secrets = given.map((name: string) => [
      name,
      name === 'DATABASE_URL'
        ? 'postgres://database/earshot'
        : name === 'REDIS_URL'
          ? 'redis://redis'
          : 'x7'.repeat(32),
    ]);
    loadConfig({ NODE_ENV: 'production', ...settings, ...Object.fromEntries(secrets) });
  });

  it('allow a node nothing but its own folders', () => {
    expect(template.spec).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    const names = (list: { name: string }[]) => list.map(({ name }) => name);
    expect(names(container.volumeMounts)).toEqual(names(template.spec.volumes));
    expect(container.resources.limits.memory).toBeDefined();
  });

  it('lead from the ingress over the service to the port, but not to the counts', () => {
    const services = manifests.filter(({ kind }) => kind === 'Service');
    const { paths } = the('Ingress').spec.rules[0].http;
    for (const { backend } of paths) {
      expect(services.map(({ metadata }) => metadata.name)).toContain(backend.service.name);
    }
    const backendOf = (wanted: string) =>
      paths.find(({ path }: { path: string }) => path === wanted).backend.service.name;
    const selectorOf = (name: string) =>
      services.find(({ metadata }) => metadata.name === name).spec.selector;
    expect(selectorOf(backendOf('/'))).toEqual(selector.matchLabels);
    expect(selectorOf(backendOf('/metrics'))).toBeUndefined();
    expect(container.ports).toEqual([{ name: 'http', containerPort: 3000 }]);
  });
});

describe('the other files', () => {
  const unit = read('deploy/earshot.service');
  const assigned = (name: string) =>
    [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value]) => value ?? '');

  it('earshot.service starts what is there, with settings that the server knows, and lets it stop', () => {
    const [start = ''] = assigned('ExecStart');
    expect(isHere(/\/opt\/earshot\/(\S+)/.exec(start)?.[1] ?? 'nothing'), start).toBe(true);
    expect(unknownOf(assigned('Environment').map((pair) => pair.split('=')[0] ?? ''))).toEqual([]);
    expect(Number(assigned('TimeoutStopSec')[0])).toBeGreaterThan(STOPS_WITHIN);
    expect(assigned('User')).not.toEqual(['root']);
  });

  it('litestream.yml names the database that the unit keeps', () => {
    const [database, ...others] = parse(read('deploy/litestream.yml')).dbs;
    expect(others).toEqual([]);
    const [folder] = assigned('Environment').flatMap((pair) => /^DATA_DIR=(.*)$/.exec(pair)?.[1] ?? []);
    expect(database.path).toBe(sqlitePathOf(loadConfig({ DATA_DIR: folder })));
    expect(dirname(database.path)).toBe(folder);
  });

  it('the Caddyfile asks a node whether it can serve, at a route that exists', () => {
    const [, path = ''] = /health_uri (\S+)/.exec(read('deploy/Caddyfile')) ?? [];
    expect(path).toBe('/health/ready');
    expect(answers(path)).toBe(true);
  });

  it('deploy/README.md names every file', () => {
    const page = read('deploy/README.md');
    for (const file of readdirSync(join(root, 'deploy')))
      if (file !== 'README.md') expect(page).toContain(`(${file}`);
  });
});
