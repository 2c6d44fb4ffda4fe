import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSecrets, SECRETS_FILE } from '../../src/platform/secrets.js';

describe('secrets', () => {
  let dataDirectory: string;
  beforeEach(() => {
    dataDirectory = mkdtempSync(join(tmpdir(), 'earshot-secrets-'));
  });
  afterEach(() => rmSync(dataDirectory, { recursive: true, force: true }));

  it('are generated once, readable by their owner only, and the same at the next start', () => {
    const first = loadSecrets({ dataDirectory });
    expect(statSync(join(dataDirectory, SECRETS_FILE)).mode & 0o777).toBe(0o600);
    expect(loadSecrets({ dataDirectory }).fingerprint('key')).toBe(first.fingerprint('key'));
  });

  it('recognise the same people when JWT_SECRET is set later', () => {
    const before = loadSecrets({ dataDirectory });
    const after = loadSecrets({ dataDirectory, jwtSecret: 'j'.repeat(40) });
    expect(after.fingerprint('key')).toBe(before.fingerprint('key'));
    expect(after.sessionKey).not.toEqual(before.sessionKey);
  });

  it('are the same on all nodes that share one secret', () => {
    const node = () => loadSecrets({ dataDirectory, serverSecret: 's'.repeat(40), isShared: true });
    expect(node().unseal(node().seal('a key'))).toBe('a key');
  });

  it('give nothing for what another secret sealed or somebody altered', () => {
    const ours = loadSecrets({ dataDirectory });
    const theirs = loadSecrets({ dataDirectory, serverSecret: 't'.repeat(40) });
    const sealed = ours.seal('a key');
    expect(sealed).not.toContain('a key');
    expect(theirs.unseal(sealed)).toBeNull();
    expect(ours.unseal(`${sealed.slice(0, -2)}AA`)).toBeNull();
    expect(ours.unseal('')).toBeNull();
  });

  it('give nothing for what was sealed for another purpose', () => {
    const secrets = loadSecrets({ dataDirectory });
    const sealed = secrets.seal('a sign-in', 'sign-in');
    expect(secrets.unseal(sealed, 'sign-in')).toBe('a sign-in');
    expect(secrets.unseal(sealed, 'client-secret')).toBeNull();
    expect(secrets.unseal(sealed)).toBeNull();
    expect(secrets.unseal(secrets.seal('a key'), 'sign-in')).toBeNull();
  });
});
