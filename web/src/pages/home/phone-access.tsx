import type { ReactNode } from 'react';
import { CopyButton } from '../../design/copy-button.tsx';
import type { ServerInfo } from '../../server/info.ts';

/** How to open this server on a phone, and what its microphone needs. */
export function PhoneAccess({ info }: { info: ServerInfo }) {
  return (
    <section aria-labelledby="phone">
      <h2 id="phone" className="text-xl font-semibold tracking-tight">
        On your phone
      </h2>
      {info.listensOnLoopbackOnly ? (
        <Step words="For now only this computer can reach the server. To let phones in the same network in, stop it and start it with">
          <Copyable text="HOST=0.0.0.0 npm start" what="the command" />
        </Step>
      ) : info.addresses.length > 0 ? (
        <Step words="In the same network, open">
          {info.addresses.map((address) => (
            <Copyable key={address} text={address} what={`the address ${address}`} />
          ))}
        </Step>
      ) : (
        <Step words="Open the same address you use here.">{null}</Step>
      )}

      <h3 className="mt-8 font-semibold">Microphone</h3>
      {info.secure ? (
        <p className="mt-1 text-muted">
          This server speaks HTTPS, so browsers will offer the microphone to its pages.
        </p>
      ) : (
        <>
          <p className="mt-1 text-muted">
            Listening to texts works now. Browsers give the microphone only to HTTPS pages; there are two ways
            to get one:
          </p>
          <Step words="With a certificate of your own:">
            <Copyable
              text="TLS_CERT_FILE=cert.pem TLS_KEY_FILE=key.pem HOST=0.0.0.0 npm start"
              what="the command with a certificate"
            />
          </Step>
          <p className="mt-4 text-muted">
            Or behind a reverse proxy such as Caddy or nginx that holds the certificate and passes requests on
            to this server; examples are in the folder{' '}
            <code className="font-mono text-sm text-ink">deploy/</code>.
          </p>
        </>
      )}
    </section>
  );
}

function Step({ words, children }: { words: string; children: ReactNode }) {
  return (
    <div className="mt-3 flex flex-col gap-2">
      <p className="text-muted">{words}</p>
      {children}
    </div>
  );
}

function Copyable({ text, what }: { text: string; what: string }) {
  return (
    <div className="flex items-center gap-2 rounded-control bg-sunken py-1.5 pr-1.5 pl-4">
      <code className="min-w-0 flex-1 font-mono text-sm [overflow-wrap:anywhere]">{text}</code>
      <CopyButton text={text} what={what} />
    </div>
  );
}
