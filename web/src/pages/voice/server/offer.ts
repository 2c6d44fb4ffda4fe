/** What this server offers the page: `GET /api/config`. */
export interface Offer {
  readonly key: { readonly required: boolean; readonly accepted: boolean };
  readonly engines: { readonly llm: boolean; readonly stt: boolean; readonly tts: boolean };
  readonly modes: {
    readonly recognition: readonly string[];
    readonly speech: readonly string[];
    readonly realtime: boolean;
  };
  readonly voices: readonly string[];
  readonly realtimeModel: string;
  readonly history: boolean;
  readonly limits: { readonly messageCharacters: number };
}

const KEY = 'voice.offer';

/** Asks for it; without a network, what was last offered (it holds no secret). */
export async function loadOffer(signal: AbortSignal): Promise<Offer | null> {
  try {
    const response = await fetch('/api/config', { credentials: 'omit', signal });
    if (!response.ok) return null;
    const offer = (await response.json()) as Offer;
    keep(offer);
    return offer;
  } catch {
    signal.throwIfAborted();
    return kept();
  }
}

function keep(offer: Offer): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(offer));
  } catch {
    // Only the next start without a network misses it.
  }
}

function kept(): Offer | null {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? 'null') as Offer | null;
  } catch {
    return null;
  }
}
