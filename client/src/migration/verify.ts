import { filesOf, storiesWithHero } from './check-export.js';
import type { Checkpoint, MigratedKind } from './checkpoint.js';
import type { LocalExport } from './export-format.js';
import { eventItem, heroItem, storyItem } from './items.js';
import type { ServerEntity } from './server-copy.js';

/** Fields that must have arrived as they were sent. */
const COMPARED: Readonly<Record<MigratedKind, readonly string[]>> = {
  heroes: ['name', 'age', 'traits', 'specialAbilities', 'appearance'],
  stories: ['heroId', 'title', 'content', 'isFavorite'],
  'custom-events': ['title', 'promptSeed', 'description', 'keywords'],
};

const MEDIA_FIELDS: Readonly<Record<string, string>> = {
  avatar: 'avatarUrl',
  audio: 'audioUrl',
  illustration: 'imageUrl',
};

/** What is missing on the server, or is not what was sent; empty when all is there. */
export function missingOn(
  server: ReadonlyMap<string, ServerEntity>,
  data: LocalExport,
  checkpoint: Checkpoint,
): readonly string[] {
  const existing = new Set(checkpoint.existing);
  const sent = {
    heroes: data.heroes.map(heroItem),
    stories: storiesWithHero(data).map((story) => storyItem(story, checkpoint.ids)),
    'custom-events': data.customEvents.map(eventItem),
  } as const;
  const missing: string[] = [];
  for (const [kind, items] of Object.entries(sent) as [MigratedKind, (typeof sent)[MigratedKind]][]) {
    for (const item of items) {
      const serverId = checkpoint.ids[kind][item.id];
      const entity = serverId === undefined ? undefined : server.get(serverId);
      if (!entity) missing.push(`${kind}/${item.id}`);
      // What was there before may have been changed since, by its owner.
      else if (!existing.has(serverId ?? '')) {
        for (const field of COMPARED[kind]) {
          if (field in item && JSON.stringify(item[field]) !== JSON.stringify(entity.value[field])) {
            missing.push(`${kind}/${item.id}.${field}`);
          }
        }
      }
    }
  }
  for (const { type, entityId } of filesOf(data)) {
    const file = checkpoint.files[`${type}:${entityId}`];
    const field = MEDIA_FIELDS[type];
    if (file && field && !server.get(file.serverId)?.value[field]) missing.push(`${type}/${entityId}`);
  }
  return missing;
}
