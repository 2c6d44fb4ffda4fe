import { createServer } from 'node:http';

export interface Shop {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** A customer's own page on another origin, as strict as one can be that allows the chat: nothing inline, no other hosts. */
export async function openShop(earshot: string, keys: { appId: string; apiKey: string }): Promise<Shop> {
  const page = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.setHeader(
      'content-security-policy',
      `default-src 'none'; script-src ${earshot}; connect-src ${earshot} ${earshot.replace('http', 'ws')}; img-src data:`,
    );
    response.end(`<!doctype html><html lang="en"><head><title>Shop</title>
      <meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"></head>
      <body><main><h1>Shop</h1><p>Teapots.</p></main>
      <script src="${earshot}/widget.js" data-app-id="${keys.appId}" data-api-key="${keys.apiKey}"></script></body></html>`);
  });
  await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
  const address = page.address();
  const port = address && typeof address === 'object' ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => new Promise((resolve) => page.close(() => resolve())),
  };
}
