import type { HttpServer } from '../../../platform/http/server.js';
import type { Platform } from '../../../platform/platform.js';
import type { VoiceCallers } from '../callers.js';
import type { EngineChoice } from '../engines.js';
import type { SpeechService } from '../speech/service.js';
import { acceptRecordings } from '../transcription/recordings.js';
import type { TranscriptionService } from '../transcription/service.js';
import type { UsageService } from '../usage/service.js';
import { openaiSpeechRoute } from './audio/speech-route.js';
import { openaiTranscriptionRoute } from './audio/transcription-route.js';
import { chatRoute } from './chat/routes.js';
import { modelRoutes } from './models/routes.js';
import { createModelService } from './models/service.js';
import { responsesRoute } from './responses/routes.js';
import { createTextService } from './text-service.js';

export interface OpenAIParts {
  readonly engines: EngineChoice;
  readonly callers: VoiceCallers;
  readonly speech: SpeechService;
  readonly transcription: TranscriptionService;
  readonly usage: UsageService;
}

/** What OpenAI's SDKs find when their base URL is this server (contract §5.3). Belongs in the scope under `/v1`. */
export async function openaiRoutes(
  server: HttpServer,
  platform: Platform,
  { engines, callers, speech, transcription, usage }: OpenAIParts,
): Promise<void> {
  const text = createTextService(platform, engines, usage);
  modelRoutes(server, createModelService(platform, engines), callers);
  chatRoute(server, platform.clock, text, callers);
  responsesRoute(server, platform.clock, text, callers);
  openaiSpeechRoute(server, platform, speech, callers);
  await server.register(async (scope) => {
    await acceptRecordings(scope as HttpServer);
    openaiTranscriptionRoute(scope as HttpServer, platform, transcription, callers);
  });
}
