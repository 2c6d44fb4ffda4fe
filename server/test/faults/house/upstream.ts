import { type Behaviour, type FakeOpenAIRequest, startFakeOpenAI } from '../../support/fake-openai.js';
import { answersWell, wantedOf } from '../../support/fake-storyteller.js';
import { vocabulary } from './companion.js';

export type Breakage = 'answers 500' | 'hangs' | 'hangs up' | 'sends a web page';
export const breakages: readonly Breakage[] = ['answers 500', 'hangs', 'hangs up', 'sends a web page'];

/** A model's provider that speaks, hears and writes, until it breaks. */
export interface Upstream {
  readonly baseUrl: string;
  break(how: Breakage): void;
  mend(): void;
  close(): Promise<void>;
}

export async function startUpstream(): Promise<Upstream> {
  const server = await startFakeOpenAI();
  let broken: Breakage | null = null;
  /** Those that hang, to be let go of. */
  let waiting: (() => void)[] = [];
  server.behave(async (request): Promise<Behaviour> => {
    // They are not looked at, and a long run has many.
    server.requests.length = 0;
    if (broken === null) return well(request);
    if (broken === 'answers 500') return { kind: 'status', status: 500 };
    if (broken === 'sends a web page') return { kind: 'garbage' };
    if (broken === 'hangs') await new Promise<void>((resolve) => waiting.push(resolve));
    return { kind: 'hang-up' };
  });
  return {
    baseUrl: server.baseUrl,
    break: (how) => {
      broken = how;
    },
    mend: () => {
      broken = null;
      for (const letGo of waiting) letGo();
      waiting = [];
    },
    close: () => server.close(),
  };
}

async function well(request: FakeOpenAIRequest): Promise<Behaviour> {
  if (request.path.endsWith('/audio/transcriptions')) {
    const { file } = request.body;
    const bytes = file instanceof File ? await file.arrayBuffer() : new ArrayBuffer(44);
    return { kind: 'words', text: vocabulary.wordsIn(new Uint8Array(bytes)) };
  }
  const wanted = wantedOf(request);
  return wanted.includes('content') || wanted.includes('scenes') ? answersWell(request) : { kind: 'ok' };
}
