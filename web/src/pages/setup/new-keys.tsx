import { useState } from 'react';
import { Banner } from '../../design/banner.tsx';
import { Card } from '../../design/card.tsx';
import { CodeBlock } from '../../design/code-block.tsx';
import { CopyButton } from '../../design/copy-button.tsx';
import { demoAddress, snippetsFor } from './snippets.ts';

interface NewKeysProps {
  readonly appId: string;
  readonly apiKey: string;
  readonly stored: boolean;
  readonly onStored: (stored: boolean) => void;
}

/** What a new app needs, shown once: id and key, code to paste, and a place to try them. */
export function NewKeys({ appId, apiKey, stored, onStored }: NewKeysProps) {
  const snippets = snippetsFor(appId, apiKey, location.origin);
  const [platform, setPlatform] = useState('Web');
  const snippet = snippets.find((one) => one.platform === platform) ?? snippets[0];
  return (
    <>
      <Card className="flex flex-col gap-5 p-6">
        <Banner tone="amber" icon="key">
          The key is shown this once. The server keeps only a fingerprint of it.
        </Banner>
        <Value name="App id" value={appId} />
        <Value name="API key" value={apiKey} />
        <label className="flex min-h-11 cursor-pointer items-center gap-3 font-medium">
          <input
            type="checkbox"
            checked={stored}
            onChange={(event) => onStored(event.currentTarget.checked)}
            className="size-5 accent-accent"
          />
          I have stored the key
        </label>
      </Card>
      <Card className="flex flex-col gap-4 p-6">
        <h2 className="text-lg font-semibold">Put the chat into your app</h2>
        <fieldset className="flex gap-1 self-start rounded-control bg-sunken p-1">
          <legend className="sr-only">Platform</legend>
          {snippets.map((one) => (
            <button
              key={one.platform}
              type="button"
              aria-pressed={one.platform === platform}
              onClick={() => setPlatform(one.platform)}
              className={`min-h-9 rounded-lg px-4 text-sm font-medium ${
                one.platform === platform ? 'bg-surface text-ink shadow-raised' : 'text-muted hover:text-ink'
              }`}
            >
              {one.platform}
            </button>
          ))}
        </fieldset>
        {snippet ? (
          <>
            <CodeBlock label={`Code for ${snippet.platform}`} code={snippet.code} />
            <div className="flex flex-wrap items-center justify-between gap-3">
              <p className="min-w-48 flex-1 text-sm text-muted">{snippet.hint}</p>
              <CopyButton text={snippet.code} what="the code" />
            </div>
          </>
        ) : null}
        <p>
          Or{' '}
          <a
            href={demoAddress(appId, apiKey)}
            target="_blank"
            rel="noreferrer"
            className="font-medium underline underline-offset-4"
          >
            try it on the demo page
          </a>{' '}
          as a customer would, with these keys filled in.
        </p>
      </Card>
    </>
  );
}

/** One value that is to be copied. */
export function Value({ name, value }: { name: string; value: string }) {
  return (
    <div className="flex flex-col gap-1.5">
      <p className="text-sm font-medium">{name}</p>
      <div className="flex items-center gap-2">
        <code className="min-w-0 flex-1 rounded-control bg-sunken px-3 py-2.5 font-mono text-sm break-all">
          {value}
        </code>
        <CopyButton text={value} what={`the ${name}`} />
      </div>
    </div>
  );
}
