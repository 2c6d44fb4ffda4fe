export interface Snippet {
  readonly platform: string;
  readonly code: string;
  readonly hint: string;
}

/** The shortest code that opens a conversation, per platform (contract §13); the server's own address where it is needed. */
export function snippetsFor(appId: string, apiKey: string, server: string): readonly Snippet[] {
  return [
    {
      platform: 'Web',
      hint: 'Before the end of the page’s body. The chat bubble appears by itself. In production the site’s address must be in ALLOWED_ORIGINS of this server.',
      code: `<script src="${server}/widget.js" async
  data-app-id="${appId}"
  data-api-key="${apiKey}"></script>`,
    },
    {
      platform: 'Android',
      hint: `With the dependency dev.replyhq:sdk; its base URL is ${server}/v1.`,
      code: `ChatSDK.init(context, appId = "${appId}", apiKey = "${apiKey}")
ChatSDK.setUser(ChatUser(id = "user-1", name = "Name", email = "name@example.com"))
ChatSDK.open()`,
    },
    {
      platform: 'iOS',
      hint: `With the ReplyHQ SDK; its base URL is ${server}/v1.`,
      code: `ReplyHQChatSDK.initialize(appId: "${appId}", apiKey: "${apiKey}")
ReplyHQChatSDK.setUser(ChatUser(id: "user-1", name: "Name", email: "name@example.com"))
ReplyHQChatSDK.open()`,
    },
  ];
}

/** The demo page with this app already filled in; the key stands behind the `#`, which no server ever gets to see. */
export const demoAddress = (appId: string, apiKey: string): string =>
  `/support/demo#app=${encodeURIComponent(appId)}&key=${encodeURIComponent(apiKey)}`;
