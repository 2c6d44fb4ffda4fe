import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';

/** A certificate of the loopback address, signed by an authority that was made for it. */
export interface Authority {
  readonly certFile: string;
  readonly keyFile: string;
  /** Everything of this process that speaks TLS believes the authority, as with NODE_EXTRA_CA_CERTS, until {@link remove}. */
  trust(): void;
  remove(): void;
}

/** Made now by OpenSSL, valid for two days. */
export function makeAuthority(): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-authority-'));
  const file = (name: string) => join(folder, name);
  const openssl = (...words: string[]) => execFileSync('openssl', words, { stdio: 'ignore' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout'];
  openssl(
    'req',
    '-x509',
    ...newKey,
    file('ca.key'),
    '-subj',
    '/CN=Earshot test authority',
    '-days',
    '2',
    '-out',
    file('ca.pem'),
  );
  openssl('req', ...newKey, file('key.pem'), '-subj', '/CN=localhost', '-out', file('request.pem'));
  writeFileSync(file('extensions'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  const signing = [
    '-CA',
    file('ca.pem'),
    '-CAkey',
    file('ca.key'),
    '-CAcreateserial',
    '-extfile',
    file('extensions'),
  ];
  openssl('x509', '-req', '-in', file('request.pem'), ...signing, '-days', '2', '-out', file('cert.pem'));

  const authority = readFileSync(file('ca.pem'), 'utf8');
  const { createSecureContext } = tls;
  return {
    certFile: file('cert.pem'),
    keyFile: file('key.pem'),
    // NODE_EXTRA_CA_CERTS is read at the start of a process only, and fetch takes no authorities.
    trust: () => {
      Object.assign(tls, {
        createSecureContext: (options?: tls.SecureContextOptions) => {
          const secure = createSecureContext(options);
          secure.context.addCACert(authority);
          return secure;
        },
      });
    },
    remove: () => {
      Object.assign(tls, { createSecureContext });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
