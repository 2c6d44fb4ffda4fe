import type { Snippet, SnippetPlatform } from './snippets.js';

const TITLES: Readonly<Record<SnippetPlatform, string>> = {
  ios: 'iOS',
  android: 'Android',
  'react-native': 'React Native',
  flutter: 'Flutter',
  web: 'Web page',
};

const INTRODUCTIONS: Readonly<Record<SnippetPlatform, string>> = {
  ios: 'Add the Swift package of the SDK, then start it once when your app starts.',
  android: 'Add the dependency, then start the SDK once in your `Application`.',
  'react-native':
    'There is no SDK for React Native: call the REST interface, or wrap the native SDKs in a module of your own.',
  flutter:
    'There is no SDK for Flutter: call the REST interface, or wrap the native SDKs in a plugin of your own.',
  web: 'Paste this before `</body>` of the pages that shall have a chat bubble. In production the address of your site (`https://shop.example`) must be in `ALLOWED_ORIGINS` of the server.',
};

/** The page of instructions for one platform, in Markdown. */
export function quickstart(platform: SnippetPlatform, snippets: readonly Snippet[]): string {
  const blocks = snippets.map(({ language, code }) => `\`\`\`${language}\n${code}\n\`\`\``);
  const key =
    'The API key is shown only when it is made. If you do not have it any more, make another one under Settings.';
  return [`# ${TITLES[platform]}`, INTRODUCTIONS[platform], ...blocks, key].join('\n\n');
}
