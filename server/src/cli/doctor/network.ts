import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { createServer } from 'node:net';
import { type Config, listOf } from '../../config.js';
import { isLoopback } from '../../platform/http/server-info.js';
import { attention, broken, type Finding, good, reasonOf } from './finding.js';

const PATIENCE_MS = 2_000;
/** Time enough to renew a certificate. */
const RENEW_MS = 14 * 24 * 3_600_000;

export async function checkPort(config: Config): Promise<Finding> {
  if (config.PORT === 0) return good('any free port will be taken (PORT=0)');
  const version = await askEarshot(config);
  if (version) return good(`port ${config.PORT} is served by Earshot ${version}`);
  const error = await listenOnce(config.HOST, config.PORT);
  if (!error) return good(`port ${config.PORT} is free`);
  return error.code === 'EADDRINUSE'
    ? broken(
        `port ${config.PORT} is taken by another program`,
        'Stop that program, or set PORT to another one.',
      )
    : broken(
        `port ${config.PORT} on ${config.HOST} cannot be opened (${error.message})`,
        'Change PORT or HOST.',
      );
}

/** The version of the Earshot that answers on the configured port, or null. */
function askEarshot(config: Config): Promise<string | null> {
  const isEverywhere = config.HOST === '0.0.0.0' || config.HOST === '::';
  const options = {
    host: isEverywhere ? '127.0.0.1' : config.HOST,
    port: config.PORT,
    path: '/api/server',
    timeout: PATIENCE_MS,
    rejectUnauthorized: false, // it asks who is there, and tells nothing
  };
  return new Promise((resolve) => {
    const request = (config.TLS_CERT_FILE ? requestHttps : requestHttp)(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => resolve(null));
      response.on('end', () => resolve(earshotVersion(Buffer.concat(chunks).toString('utf8'))));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(null));
    request.on('close', () => resolve(null));
    request.end();
  });
}

function earshotVersion(body: string): string | null {
  try {
    const answer: unknown = JSON.parse(body);
    const isOurs = answer && typeof answer === 'object' && 'name' in answer && answer.name === 'Earshot';
    return isOurs && 'version' in answer ? String(answer.version) : null;
  } catch {
    return null; // something else answered
  }
}

function listenOnce(host: string, port: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', resolve);
    probe.listen(port, host, () => probe.close(() => resolve(null)));
  });
}

export function checkHttps(config: Config): Finding {
  if (config.TLS_CERT_FILE && config.TLS_KEY_FILE)
    return checkCertificate(config.TLS_CERT_FILE, config.TLS_KEY_FILE);
  if (config.PUBLIC_URL?.startsWith('https:')) return good(`clients come by ${config.PUBLIC_URL}`);
  if (isLoopback(config.HOST)) {
    return good(
      'this machine only, by http://localhost; for other devices set HOST=0.0.0.0, and HTTPS for their microphones',
    );
  }
  return attention(
    'other devices come by plain HTTP: browsers give pages no microphone there, and keys travel in the open',
    'Set TLS_CERT_FILE and TLS_KEY_FILE, or put a proxy with HTTPS before it and set PUBLIC_URL and TRUST_PROXY.',
  );
}

function checkCertificate(certFile: string, keyFile: string): Finding {
  try {
    readFileSync(keyFile);
    const { validTo } = new X509Certificate(readFileSync(certFile));
    const left = Date.parse(validTo) - Date.now();
    if (left < 0)
      return broken(`the certificate ran out on ${validTo}`, 'Renew it and start the server again.');
    return left < RENEW_MS
      ? attention(`the certificate runs out on ${validTo}`, 'Renew it and start the server again.')
      : good(`HTTPS with a certificate until ${validTo}`);
  } catch (error) {
    return broken(
      `the certificate or its key cannot be read (${reasonOf(error)})`,
      'TLS_CERT_FILE and TLS_KEY_FILE must name PEM files that the server’s user may read.',
    );
  }
}

export function checkOrigins(config: Config): Finding {
  const origins = listOf(config.ALLOWED_ORIGINS);
  if (config.NODE_ENV !== 'production') return good('pages of every origin may call (not in production)');
  return origins.length > 0
    ? good(`pages of ${origins.join(', ')} may call`)
    : attention(
        'only this server’s own pages may call from a browser',
        'Set ALLOWED_ORIGINS if a web app of another address uses it. Native apps need nothing.',
      );
}
