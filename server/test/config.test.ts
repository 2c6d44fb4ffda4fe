import { describe, expect, it } from 'vitest';
import { loadConfig, retentionMs, speechEngineOf } from '../src/config.js';

const strong = 'x1'.repeat(20);

describe('the configuration', () => {
  it('has a default for everything', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({
      PORT: 3000,
      HOST: '127.0.0.1',
      DATA_DIR: './data',
      NODE_ENV: 'development',
    });
    expect(speechEngineOf(config)).toBe('builtin');
  });

  it('names every variable that is wrong', () => {
    const wrong = () => loadConfig({ PORT: 'eighty', LOG_LEVEL: 'loud', FILE_RETENTION_DAYS: '-1' });
    for (const name of ['PORT', 'LOG_LEVEL', 'FILE_RETENTION_DAYS']) expect(wrong).toThrow(name);
  });

  it('takes an empty variable for an unset one', () => {
    expect(loadConfig({ PORT: '', DATABASE_URL: ' ' })).toMatchObject({ PORT: 3000 });
  });

  it('speaks by the upstream as soon as one is named, unless told otherwise', () => {
    expect(speechEngineOf(loadConfig({ OPENAI_API_KEY: 'sk-x' }))).toBe('openai');
    expect(speechEngineOf(loadConfig({ OPENAI_BASE_URL: 'http://localhost:8000/v1' }))).toBe('openai');
    expect(speechEngineOf(loadConfig({ OPENAI_API_KEY: 'sk-x', AI_SPEECH: 'builtin' }))).toBe('builtin');
  });

  it('keeps files for the hours when both hours and days are given', () => {
    expect(retentionMs(loadConfig({ FILE_RETENTION_DAYS: '7', FILE_RETENTION_HOURS: '168' }))).toBe(
      604_800_000,
    );
    expect(retentionMs(loadConfig({ FILE_RETENTION_DAYS: '7', FILE_RETENTION_HOURS: '1' }))).toBe(3_600_000);
    expect(retentionMs(loadConfig({}))).toBe(604_800_000);
  });

  it.each(['disabled', 'false', ''])('takes REDIS_URL=%j for no Redis', (REDIS_URL) => {
    expect(loadConfig({ REDIS_URL }).REDIS_URL).toBeUndefined();
  });

  it.each([
    ['several nodes without Redis', { DATABASE_URL: 'postgres://x', SERVER_SECRET: strong }, 'REDIS_URL'],
    [
      'several nodes without a shared secret',
      { DATABASE_URL: 'postgres://x', REDIS_URL: 'redis://x' },
      'SERVER_SECRET',
    ],
    [
      'a secret from a manual',
      { JWT_SECRET: 'your-super-secret-jwt-key-change-this-in-production' },
      'JWT_SECRET',
    ],
    ['a short secret', { SERVER_SECRET: 'short' }, 'SERVER_SECRET'],
    ['half of a certificate', { TLS_CERT_FILE: '/cert.pem' }, 'TLS_KEY_FILE'],
    ['a replica without its primary', { DATABASE_READ_URL: 'postgres://x' }, 'DATABASE_URL'],
    ['an endpoint without a bucket', { S3_ENDPOINT: 'http://localhost:9000' }, 'S3_BUCKET'],
  ])('refuses %s in production', (_name, environment, variable) => {
    expect(() => loadConfig({ NODE_ENV: 'production', ...environment })).toThrow(variable);
  });

  it('lets one node stand on PostgreSQL without Redis when told that it is the only one', () => {
    const config = {
      NODE_ENV: 'production',
      DATABASE_URL: 'postgres://x',
      SERVER_SECRET: strong,
      NODES: '1',
    };
    expect(loadConfig(config).NODES).toBe(1);
  });
});
