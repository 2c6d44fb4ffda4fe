import { Type } from 'typebox';
import type { HealthMembers } from '../../../platform/http/shared-health.js';
import { version } from '../../../version.js';
import type { EngineChoice } from '../engines.js';

const Engines = Type.Object({ llm: Type.Boolean(), stt: Type.Boolean(), tts: Type.Boolean() });

/** What this app says at `GET /api/health` (contract §5.2); nobody is asked for it. */
export const voiceHealth = ({ available }: EngineChoice): HealthMembers => ({
  tag: 'voice: health',
  properties: {
    status: Type.Literal('ok'),
    uptime_s: Type.Integer({ description: 'Whole seconds since the process began.' }),
    version: Type.String(),
    engines: Engines,
  },
  ask: async () => ({
    status: 'ok',
    uptime_s: Math.floor(process.uptime()),
    version,
    engines: available,
  }),
});
