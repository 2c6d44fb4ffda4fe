/** For whom there are instructions (contract §11.5, and the chat bubble for web pages). */
export const snippetPlatforms = ['ios', 'android', 'react-native', 'flutter', 'web'] as const;
export type SnippetPlatform = (typeof snippetPlatforms)[number];

export const isSnippetPlatform = (name: string): name is SnippetPlatform =>
  (snippetPlatforms as readonly string[]).includes(name);

export interface Snippet {
  readonly language: string;
  readonly code: string;
}

/** What an installation must know; `apiKey` is a placeholder where the key itself cannot be shown any more. */
export interface SnippetConfig {
  readonly appId: string;
  readonly apiKey: string;
  /** The address of this server, without a slash at the end. */
  readonly serverUrl: string;
}

/** The shortest code that opens a conversation, ready to be pasted (contract §13). */
export function snippetsOf(platform: SnippetPlatform, config: SnippetConfig): readonly Snippet[] {
  return SNIPPETS[platform](config);
}

const SNIPPETS: Readonly<Record<SnippetPlatform, (config: SnippetConfig) => readonly Snippet[]>> = {
  android: ({ appId, apiKey }) => [
    { language: 'gradle', code: 'implementation("dev.replyhq:sdk:1.0.0")' },
    {
      language: 'kotlin',
      code: `ChatSDK.init(context, appId = "${appId}", apiKey = "${apiKey}")
ChatSDK.setUser(ChatUser(id = "user-1", name = "Name", email = "name@example.com"))
ChatSDK.open()`,
    },
  ],
  ios: ({ appId, apiKey }) => [
    {
      language: 'swift',
      code: `ReplyHQChatSDK.initialize(appId: "${appId}", apiKey: "${apiKey}")
ReplyHQChatSDK.setUser(ChatUser(id: "user-1", name: "Name", email: "name@example.com"))
ReplyHQChatSDK.open()`,
    },
  ],
  'react-native': (config) => [
    {
      language: 'javascript',
      code: `const headers = {
  'Content-Type': 'application/json',
  'X-App-Id': '${config.appId}',
  'X-Api-Key': '${config.apiKey}',
  'X-Device-Id': deviceId, // a UUID that you make once and keep
};
const { conversation } = await fetch('${config.serverUrl}/v1/conversations', {
  method: 'POST',
  headers,
  body: JSON.stringify({ user: { id: 'user-1', name: 'Name' } }),
}).then((answer) => answer.json());`,
    },
  ],
  flutter: (config) => [
    {
      language: 'dart',
      code: `final answer = await http.post(
  Uri.parse('${config.serverUrl}/v1/conversations'),
  headers: {
    'Content-Type': 'application/json',
    'X-App-Id': '${config.appId}',
    'X-Api-Key': '${config.apiKey}',
    'X-Device-Id': deviceId, // a UUID that you make once and keep
  },
  body: jsonEncode({'user': {'id': 'user-1', 'name': 'Name'}}),
);`,
    },
  ],
  web: (config) => [
    {
      language: 'html',
      code: `<script
  src="${config.serverUrl}/widget.js"
  data-app-id="${config.appId}"
  data-api-key="${config.apiKey}"
  async
></script>`,
    },
  ],
};
