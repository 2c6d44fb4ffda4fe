import { Type } from 'typebox';
import type { HttpServer } from '../../../../platform/http/server.js';
import { callerOfRequest, type VoiceCallers } from '../../callers.js';
import { signalOfDeparture } from '../../departure.js';
import { ModelList, ModelShape } from './schemas.js';
import type { Model, ModelService } from './service.js';

const tags = ['voice: OpenAI'];

const present = ({ id, ownedBy }: Model) => ({
  id,
  object: 'model' as const,
  created: 0,
  owned_by: ownedBy,
});

export function modelRoutes(server: HttpServer, service: ModelService, callers: VoiceCallers): void {
  server.get(
    '/models',
    { schema: { tags, summary: 'Names that may be given as `model`', response: { 200: ModelList } } },
    async (request, reply) => {
      const signal = signalOfDeparture(reply);
      const caller = await callerOfRequest(callers, request);
      const models = await service.list(caller, signal);
      return { object: 'list' as const, data: models.map(present) };
    },
  );

  server.get(
    '/models/:model',
    {
      schema: {
        tags,
        summary: 'One of them',
        params: Type.Object({ model: Type.String() }),
        response: { 200: ModelShape },
      },
    },
    async (request, reply) => {
      const signal = signalOfDeparture(reply);
      const caller = await callerOfRequest(callers, request);
      return present(await service.find(caller, request.params.model, signal));
    },
  );
}
