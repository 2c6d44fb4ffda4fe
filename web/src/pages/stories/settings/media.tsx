import type { EvictionPolicyName, MediaKind, MediaSizes } from '@earshot/client';
import { useEffect, useState } from 'react';
import { Button } from '../../../design/button.tsx';
import { Select } from '../../../design/field.tsx';
import { notify } from '../../../design/toast.tsx';
import { useClient, useWatched } from '../client.tsx';
import { Tick } from '../shell/tick.tsx';
import { bytesWords, counted, failureSentence } from '../words.ts';
import { Section } from './section.tsx';

const kinds: readonly { readonly kind: MediaKind; readonly name: string }[] = [
  { kind: 'audio', name: 'Narrations' },
  { kind: 'illustration', name: 'Pictures' },
  { kind: 'avatar', name: 'Portraits' },
];

const evictions: readonly { readonly value: EvictionPolicyName; readonly label: string }[] = [
  { value: 'keepAvatars', label: 'Sound 30 days, pictures 14, portraits always' },
  { value: 'conservative', label: 'Longer: sound 60 days, pictures 30' },
  { value: 'default', label: 'Sound 30 days, pictures 14, portraits 90' },
  { value: 'aggressive', label: 'Shorter: sound 7 days, pictures 3' },
];

/** What pictures and sound take on this device, and how long they stay. */
export function MediaSettings() {
  const { media, preferences } = useClient();
  const { mediaOnWifiOnly, mediaEviction } = useWatched(preferences.current, preferences.subscribe);
  const [sizes, setSizes] = useState<MediaSizes | null>(null);
  useEffect(() => {
    let isLeft = false;
    const measure = (): void => {
      media.size().then(
        (size) => {
          if (!isLeft) setSizes(size);
        },
        () => undefined,
      );
    };
    measure();
    const leave = media.subscribe(measure);
    return () => {
      isLeft = true;
      leave();
    };
  }, [media]);
  const change = (changes: Parameters<typeof preferences.change>[0]): void => {
    preferences.change(changes).catch((error: unknown) => notify(failureSentence(error), 'danger'));
  };
  const clear = async (kind?: MediaKind): Promise<void> => {
    const freed = await media.clear(kind);
    notify(`${bytesWords(freed)} cleared. What you look at is fetched again.`);
  };
  return (
    <Section
      title="Pictures and sound"
      about="Fetched when you first look or listen, then kept on this device."
    >
      <ul className="flex flex-col divide-y divide-line border-y border-line">
        {kinds.map(({ kind, name }) => {
          const size = sizes?.[kind];
          return (
            <li key={kind} className="flex min-h-13 items-center justify-between gap-3 py-1">
              <span>{name}</span>
              <span className="ml-auto text-sm text-muted tabular-nums">
                {size ? `${counted(size.files, 'file')}, ${bytesWords(size.bytes)}` : '…'}
              </span>
              <Button
                tone="plain"
                aria-label={`Clear ${name.toLowerCase()}`}
                blocked={!size?.files && 'There is nothing to clear'}
                onClick={() => void clear(kind)}
                className="-mr-3"
              >
                Clear
              </Button>
            </li>
          );
        })}
        <li className="flex min-h-13 items-center justify-between gap-3 py-1 font-medium">
          <span>All</span>
          <span className="ml-auto text-sm tabular-nums">{sizes ? bytesWords(sizes.total.bytes) : '…'}</span>
          <Button
            tone="plain"
            aria-label="Clear all pictures and sound"
            blocked={!sizes?.total.files && 'There is nothing to clear'}
            onClick={() => void clear()}
            className="-mr-3"
          >
            Clear
          </Button>
        </li>
      </ul>
      <Select
        label="Keep what was not used for"
        value={mediaEviction}
        choices={evictions}
        onChange={(event) => {
          const chosen = evictions.find(({ value }) => value === event.currentTarget.value);
          if (chosen) change({ mediaEviction: chosen.value });
        }}
      />
      <Tick isOn={mediaOnWifiOnly} onChange={(isOn) => change({ mediaOnWifiOnly: isOn })}>
        Fetch them over Wi-Fi only
      </Tick>
    </Section>
  );
}
