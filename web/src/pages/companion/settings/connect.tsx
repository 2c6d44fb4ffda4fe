import { useQuery } from '@tanstack/react-query';
import { Banner } from '../../../design/banner.tsx';
import { CopyButton } from '../../../design/copy-button.tsx';
import { serverInfo } from '../../../server/info.ts';
import { QrCode } from './qr-code.tsx';
import { Section } from './section.tsx';

/** How the mobile app is pointed at this server. */
export function Connect() {
  const server = useQuery(serverInfo).data;
  const reachable = server?.addresses.find((address) => !/localhost|127\.0\.0\.1/.test(address));
  const address = `${/localhost|127\.0\.0\.1/.test(location.host) ? (reachable ?? location.origin) : location.origin}/`;
  return (
    <Section title="Connect your app">
      <p className="text-muted">
        In the app, open its developer settings and enter this as the address of its own backend. Then sign in
        with the account that you use here.
      </p>
      {server?.listensOnLoopbackOnly ? (
        <Banner tone="amber" icon="warning">
          This server listens to its own machine only. Its operator sets HOST=0.0.0.0, or puts it behind a
          proxy, before a phone can reach it.
        </Banner>
      ) : null}
      <div className="flex flex-wrap items-center gap-5">
        <QrCode text={address} label={`QR code of ${address}`} />
        <div className="flex min-w-0 flex-1 basis-60 flex-col items-start gap-3">
          <code className="max-w-full rounded-control bg-sunken px-3 py-2 font-mono text-sm break-all">
            {address}
          </code>
          <CopyButton text={address} what="the address" />
        </div>
      </div>
    </Section>
  );
}
