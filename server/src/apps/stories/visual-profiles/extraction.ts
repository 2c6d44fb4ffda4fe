import { buffer } from 'node:stream/consumers';
import { errors } from '../../../platform/http/errors.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { callerOf } from '../../../platform/identity/caller.js';
import type { Platform } from '../../../platform/platform.js';
import { Data } from '../envelopes.js';
import { SIGNATURE_BYTES, typeByContent } from '../files/file-types.js';
import { orderFor } from '../generation/answer.js';
import type { OrderKind } from '../generation/order-kind.js';
import type { Orders } from '../generation/orders.js';
import { owned } from '../ownership.js';
import type { Records } from '../records.js';
import type { UsageService } from '../services.js';
import { IdParams } from '../wire-fields.js';
import type { LookReader } from './look-reader.js';
import { presentVisualProfile } from './presenter.js';
import { VisualProfile } from './schemas.js';

const PICTURES = ['image/png', 'image/jpeg', 'image/webp'] as const;
const WITHOUT_AVATAR = () => errors.badRequest('This hero has no avatar to read a visual profile from');

/** Visual profiles read from portraits (contract §3.1, §5). @returns how their route is added */
export function createExtractions(
  platform: Pick<Platform, 'media'>,
  parts: {
    readonly records: Records;
    readonly orders: Orders;
    readonly usage: UsageService;
    readonly reader: LookReader;
  },
): (server: HttpServer) => void {
  const { records, orders, usage, reader } = parts;
  const { stores, visualProfiles } = records;

  const pictureOf = async (key: string | null) => {
    const found = key === null ? null : await platform.media.read(key);
    if (found === null) throw WITHOUT_AVATAR();
    const data = Buffer.isBuffer(found) ? found : await buffer(found);
    const type = typeByContent(data.subarray(0, SIGNATURE_BYTES))?.mimeType;
    const mediaType = PICTURES.find((known) => known === type);
    if (!mediaType) throw WITHOUT_AVATAR();
    return { data, mediaType };
  };

  const kind: OrderKind<null> = {
    name: 'visual-profile',
    run: async ({ userId, subjectId }, signal) => {
      const hero = owned(await stores.heroes.byId(subjectId), userId, 'Hero');
      const { value, tokens } = await reader.read(hero, await pictureOf(hero.avatar_key), signal);
      return {
        ...(tokens === undefined ? {} : { outcome: { tokens } }),
        write: async (tx) => {
          const attributes = { ...value, age: hero.age };
          const { isNew, version } = await visualProfiles.replace(tx, userId, subjectId, attributes);
          return { result: { heroId: subjectId, isNew }, version };
        },
      };
    },
  };
  orders.define(kind);

  return (server) => {
    server.post(
      '/heroes/:id/visual-profile/extract',
      {
        schema: {
          tags: ['stories: heroes'],
          summary: "Read a hero's visual profile from the avatar",
          params: IdParams,
          response: { 200: Data(VisualProfile), 201: Data(VisualProfile) },
        },
        config: { ordered: true },
      },
      async (request, reply) => {
        const { userId } = callerOf(request);
        const { id } = request.params;
        const told = await orderFor<null>(orders, request, reply, {
          kind: 'visual-profile',
          subjectId: id,
          sameness: null,
          admit: async (tx, orderId) => {
            const hero = owned(await stores.heroes.byId(id, tx), userId, 'Hero');
            if (hero.avatar_key === null) throw WITHOUT_AVATAR();
            await usage.reserve(tx, userId, 'ai_assistant', reader.model, 1, orderId);
            return { input: null };
          },
        });
        if (told === null) return reply;
        const data = presentVisualProfile(await visualProfiles.get(userId, id));
        return reply
          .code(told.isNew === true ? 201 : 200)
          .send({ data, message: 'Visual profile extracted' });
      },
    );
  };
}
