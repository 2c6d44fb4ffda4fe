import { Type } from 'typebox';
import { speechVoices } from '../../../platform/ai/speech-synthesizer.js';
import type { HttpServer } from '../../../platform/http/server.js';
import type { Platform } from '../../../platform/platform.js';
import { HISTORY_CHARACTERS, HISTORY_ITEMS, MESSAGE_CHARACTERS } from '../conversation/schemas.js';
import type { EngineChoice } from '../engines.js';

const Names = Type.Array(Type.String());

const Offer = Type.Object({
  key: Type.Object({
    required: Type.Boolean({ description: 'Whether nothing works without a key or an account.' }),
    accepted: Type.Boolean({ description: 'Whether a key of the upstream changes who answers.' }),
  }),
  engines: Type.Object({
    llm: Type.Boolean(),
    stt: Type.Boolean({ description: 'POST /api/transcribe hears words without a key.' }),
    tts: Type.Boolean(),
  }),
  modes: Type.Object(
    { recognition: Names, speech: Names, realtime: Type.Boolean() },
    { description: 'Where it can be done: in the `browser`, on the `server`.' },
  ),
  voices: Names,
  formats: Names,
  realtimeModel: Type.String(),
  history: Type.Boolean({ description: 'Whether the server keeps conversations that ask for it.' }),
  limits: Type.Object({
    messageCharacters: Type.Integer(),
    historyItems: Type.Integer(),
    historyCharacters: Type.Integer(),
  }),
});

/** `GET /api/config`: what the page may offer (contract §5.3). */
export function configRoute(
  server: HttpServer,
  { config, speech }: Platform,
  { available, usesUpstreamKeys }: EngineChoice,
): void {
  const where = (onServer: boolean) => ['browser', ...(onServer ? ['server'] : [])];
  const isRequired = config.REQUIRE_USER_KEY || !available.llm;
  server.get(
    '/config',
    {
      schema: {
        tags: ['voice: conversation'],
        summary: 'What a page may offer',
        response: { 200: Offer },
      },
    },
    async () => ({
      key: { required: isRequired, accepted: usesUpstreamKeys },
      engines: available,
      modes: {
        recognition: where(available.stt || usesUpstreamKeys),
        speech: where(available.tts || usesUpstreamKeys),
        realtime: true,
      },
      voices: [...speechVoices],
      formats: [...speech.synthesizer.formats],
      realtimeModel: config.VOICE_REALTIME_MODEL,
      history: config.VOICE_HISTORY,
      limits: {
        messageCharacters: MESSAGE_CHARACTERS,
        historyItems: HISTORY_ITEMS,
        historyCharacters: HISTORY_CHARACTERS,
      },
    }),
  );
}
