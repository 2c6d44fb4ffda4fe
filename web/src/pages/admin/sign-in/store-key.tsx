import { useState } from 'react';
import { Button } from '../../../design/button.tsx';
import { PageFrame } from '../../../design/page-frame.tsx';
import { NewKeys } from '../../setup/new-keys.tsx';

export interface NewApp {
  readonly id: string;
  readonly name: string;
  readonly api_key: string;
  /** Signs in, which takes this page away. */
  readonly begin: () => void;
}

/** After signing up: the app's key, before it can never be seen again. */
export function StoreKey({ app }: { app: NewApp }) {
  const [stored, setStored] = useState(false);
  return (
    <PageFrame title="Your keys · Earshot" section="Support">
      <div className="mx-auto flex max-w-2xl flex-col gap-6 py-8 sm:py-12">
        <h1 className="text-3xl font-semibold tracking-tight">{app.name} is ready</h1>
        <NewKeys appId={app.id} apiKey={app.api_key} stored={stored} onStored={setStored} />
        <Button
          tone="primary"
          blocked={!stored && 'First say that you have stored the key'}
          onClick={app.begin}
          className="self-start"
        >
          Open the inbox
        </Button>
      </div>
    </PageFrame>
  );
}
