import { errors } from '../../platform/http/errors.js';
import type { Platform } from '../../platform/platform.js';
import { createActionItemService } from './action-items/service.js';
import { createActionItemStore } from './action-items/store.js';
import { createChatStore } from './chat/store.js';
import { createPictures } from './conversations/pictures.js';
import { createConversationService } from './conversations/service.js';
import { createConversationStore } from './conversations/store.js';
import { createConversationEvents } from './listening/conversation-events.js';
import { createErasing } from './media/erasing.js';
import { createMemoryService } from './memories/service.js';
import { createMemoryStore } from './memories/store.js';
import { createPeopleService } from './people/service.js';
import { createPeopleStore } from './people/store.js';
import { createPushes } from './push/pushes.js';
import { withReminders } from './push/reminders.js';
import { createIndexedTexts } from './search/index-texts.js';
import { createSpeechProfiles } from './speech-profile/service.js';
import { createSummaryService } from './summaries/service.js';
import { createUserService } from './users/service.js';
import { createProfileStore } from './users/store.js';
import { createWebhookService } from './webhooks/service.js';
import { createWebhookStore } from './webhooks/store.js';

/** The rooms that keep what belongs to a user, and the stores under them for the rooms that write more. */
export function createRooms(platform: Platform) {
  const { database, events, media, search } = platform;
  const stores = {
    chat: createChatStore(database),
    conversations: createConversationStore(database),
    items: createActionItemStore(database),
    memories: createMemoryStore(database),
    people: createPeopleStore(database),
    profiles: createProfileStore(database),
    webhooks: createWebhookStore(database),
  };
  const pushes = createPushes(platform);
  const texts = createIndexedTexts(search);
  const erasing = createErasing(platform);
  const people = createPeopleService(platform, stores.people);
  const summaries = createSummaryService(platform, stores.conversations);
  const conversations = createConversationService(platform, stores.conversations, {
    summaries,
    knows: people.knows,
    renamed: (tx, conversation) => texts.putConversation(tx, conversation),
    place: async (tx, userId) => (await stores.profiles.find(userId, tx))?.geolocation ?? null,
    removed: async (tx, { id, user_id }, photos) => {
      await texts.remove(tx, user_id, 'conversation', [id]);
      await erasing.erase(
        tx,
        user_id,
        photos.map(({ media_key }) => media_key),
      );
    },
  });
  return {
    stores,
    texts,
    pushes,
    erasing,
    people,
    summaries,
    conversations,
    speechProfiles: createSpeechProfiles(platform, stores.profiles, erasing),
    pictures: createPictures(media),
    items: createActionItemService(platform, withReminders(stores.items, pushes), async (tx, userId, id) => {
      if (!(await stores.conversations.find(tx, userId, id))) throw errors.notFound('Conversation not found');
    }),
    memories: createMemoryService(platform, stores.memories, texts),
    users: createUserService(platform, stores.profiles),
    webhooks: createWebhookService(platform, stores.webhooks),
    events: createConversationEvents(events),
  };
}

export type Rooms = ReturnType<typeof createRooms>;
