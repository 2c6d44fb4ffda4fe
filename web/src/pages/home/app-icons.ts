import type { IconName } from '../../design/icon.tsx';
import type { AppName } from '../../server/info.ts';

export const appIcons: Readonly<Record<AppName, IconName>> = {
  companion: 'companion',
  stories: 'book',
  voice: 'mic',
  speech: 'wave',
  support: 'support',
};
