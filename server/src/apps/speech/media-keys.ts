/** What all of the speech app's media keys start with. */
export const MEDIA_PREFIX = 'speech/';

/** Where a file's audio is kept; the last two digits of the id spread the files over 256 folders. */
export const mediaKeyOf = (fileId: string, format: string): string =>
  `${MEDIA_PREFIX}${fileId.slice(-2)}/${fileId}.${format}`;

/** The file that a media key belongs to. */
export const fileIdOf = (mediaKey: string): string =>
  mediaKey.slice(mediaKey.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
