import { speechVoices } from '../../../platform/ai/speech-synthesizer.js';
import type { HttpServer } from '../../../platform/http/server.js';
import type { Platform } from '../../../platform/platform.js';
import { HISTORY_CHARACTERS, HISTORY_ITEMS, MESSAGE_CHARACTERS } from '../conversation/schemas.js';
import type { EngineChoice } from '../engines.js';
import { Offer } from './schemas.js';

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
