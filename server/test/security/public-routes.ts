/**
 * Routes that answer people who do not say who they are, each with the reason. Whatever is not here must refuse them, and
 * what is here and refuses them must go.
 */
export const publicRoutes: readonly (readonly [route: RegExp, reason: string])[] = [
  [
    /^(GET|HEAD) \/(health|health\/ready|metrics|api\/server)$/,
    'for balancers, monitors and the home page; names no user',
  ],
  [/^(GET|HEAD) \/docs(\/.*)?$/, 'the description of the API'],
  [/^(GET|HEAD) \/(api\/)?(v1\/)?health$/, 'the health checks of the apps’ contracts'],
  [/^(GET|HEAD) \/api\/ping$/, 'the stories app looks whether there is a server'],
  [
    /^(GET|HEAD) (\/|\/(speech|stories|companion|voice|admin|setup)|\/support\/demo)$/,
    'the pages; they ask for a sign-in themselves',
  ],
  [
    /^(GET|HEAD) \/(assets\/.*|[\w.-]+\.(js|css|svg|png|ico|webmanifest|html|woff2|json|txt|mp3|wav|wasm)(\.br|\.gz)?)$/,
    'what the pages are made of',
  ],
  [
    /^POST \/api\/auth\/(sign-up|sign-up\/email|sign-in|sign-in\/email|sign-in\/social|sign-out)$/,
    'how people get an account and let go of it',
  ],
  [/^(GET|HEAD) \/api\/auth\/get-session$/, 'answers null to nobody, as its clients expect'],
  [/^POST \/auth\/verify$/, 'the speech app’s sign-in: the key is the credential'],
  [
    /^(GET|HEAD|POST) \/v1\/auth\/(login|authorize|token|callback\/(google|apple))$/,
    'the companion’s sign-in',
  ],
  [/^POST \/v1\/(signup|signin)$/, 'the companion’s sign-in by e-mail address'],
  [
    /^(GET|HEAD) \/v1\/conversations\/:id\/shared$/,
    'a conversation that its owner has shared; others are not found',
  ],
  [
    /^POST \/admin\/auth\/(signup|login|refresh|logout|accept-invite)$/,
    'how people become operators; token, password or invitation is the credential',
  ],
  [/^(GET|HEAD) \/v1\/web-push-key$/, 'public by its nature'],
  [/^(GET|HEAD) \/api\/config$/, 'what the voice page needs to know before anybody speaks; names no user'],
  [
    /^POST \/api\/(conversation|speak|transcribe)$/,
    'the voice app takes callers who bring nothing (contract §5); REQUIRE_USER_KEY refuses them',
  ],
  [/^(GET|HEAD) \/v1\/models(\/:model)?$/, 'OpenAI’s interface by the operator’s engines, as above'],
  [/^POST \/v1\/(audio\/(speech|transcriptions|translations)|chat\/completions|responses)$/, 'as above'],
  [/^POST \/v1\/realtime\/(client_secrets|sessions|calls)$/, 'as above'],
];
