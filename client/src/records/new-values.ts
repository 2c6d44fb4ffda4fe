import type { EntityType, EntityValue } from '../wire/entities.js';

/** What the server would fill in for an entity that has just been made, so that it can be shown before it is sent. */
export function newEntityValue(type: EntityType): EntityValue {
  switch (type) {
    case 'hero':
      return { traits: [] };
    case 'story':
      return {
        audioGenerationStatus: 'pending',
        illustrationStatus: 'none',
        illustrationCount: 0,
        playCount: 0,
        isFavorite: false,
      };
    case 'customEvent':
      return {
        userId: '',
        description: '',
        category: 'general',
        tone: 'cheerful',
        keywords: [],
        aiEnhanced: false,
        isFavorite: false,
        usageCount: 0,
      };
    case 'illustration':
      return {};
  }
}

/** What the server does by itself when these fields change: another text makes the narration a thing of the past. */
export function sideEffectsOf(type: EntityType, value: EntityValue, changes: EntityValue): EntityValue {
  const retold = type === 'story' && 'content' in changes && changes.content !== value.content;
  return retold ? { audioGenerationStatus: 'pending', audioUrl: null, audioDuration: null } : {};
}
