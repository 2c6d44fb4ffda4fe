/*
 * What does not belong into pictures for children, in the five languages of the app, and what stands in its place: English
 * for English words, the language's own words else (contract §5). Whole words and phrases, any case.
 */

/** Orders to a model that have no place in a description. */
export const injectionPatterns: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass)\b[^.!?\n]{0,40}\b(?:instructions?|prompts?|rules?|guidelines?|directions?)\b/giu,
  /\b(?:ignore[sz]?|oublie[sz]?)\b[^.!?\n]{0,40}(?<!\p{L})(?:instructions?|consignes?|règles?)/giu,
  /\b(?:ignora|olvida)\b[^.!?\n]{0,40}\b(?:instrucciones|reglas|istruzioni|regole)\b/giu,
  /\b(?:ignoriere?|vergiss)\b[^.!?\n]{0,40}(?:anweisungen|regeln)\b/giu,
  /\b(?:dimentica|trascura)\b[^.!?\n]{0,40}\b(?:istruzioni|regole)\b/giu,
  /\byou are now\b[^.!?\n]{0,60}|\bpretend (?:to be|you are)\b[^.!?\n]{0,60}/giu,
  /\b(?:new|updated) (?:instructions?|rules?)\s*:/giu,
  /(?:^|\n|\s)(?:system|assistant|developer)\s*(?:prompt|message)?\s*:/giu,
  /<\|?[^<>\n]{0,30}(?:system|endoftext|im_start|im_end|inst)[^<>\n]{0,30}\|?>|\[\/?INST\]/giu,
  /\b(?:reveal|print|repeat|show)\b[^.!?\n]{0,30}\b(?:system prompt|hidden prompt|your instructions)\b/giu,
  /\b(?:jailbreak|DAN mode|developer mode)\b/giu,
];

/** Told as high risk wherever they stand. */
export const highRisk = [
  ...['alone', 'isolated', 'abandoned', 'nude', 'naked', 'undressed', 'explicit', 'suicidal'],
  ...['isolée?', 'abandonnée?', 'nue?', 'dénudée?', 'explicite', 'suicidaire'],
  ...['aislad[oa]', 'abandonad[oa]', 'desnud[oa]', 'explícit[oa]', 'suicida'],
  ...['isoliert', 'verlassen', 'nackt', 'entblößt', 'selbstmörderisch'],
  ...['isolat[oa]', 'abbandonat[oa]', 'nud[oa]', 'svestit[oa]', 'esplicit[oa]'],
];

export const mediumRisk = [
  ...[
    'weapons?',
    'violence',
    'violent',
    'blood',
    'bloody',
    'guns?',
    'knife',
    'knives',
    'attack(?:s|ed|ing)?',
    'fight(?:s|ing)?',
  ],
  ...['battles?', 'wars?'],
  ...[
    'armes?',
    'sang',
    'pistolets?',
    'fusils?',
    'couteaux?',
    'attaquer?',
    'combats?',
    'batailles?',
    'guerres?',
  ],
  ...[
    'armas?',
    'violencia',
    'sangre',
    'pistolas?',
    'cuchillos?',
    'ataques?',
    'peleas?',
    'batallas?',
    'guerras?',
  ],
  ...[
    'waffen?',
    'gewalt',
    'blut',
    'gewehre?',
    'messer',
    'angriffe?',
    'kämpfe',
    'kampf',
    'schlacht',
    'kriege?',
  ],
  ...[
    'arma',
    'armi',
    'violenza',
    'sangue',
    'pistole?',
    'coltell[oi]',
    'attacc(?:o|hi)',
    'battagli[ae]',
    'guerr[ae]',
  ],
];

/** Patterns and what stands in their place, phrases before words. */
export const replacements: readonly (readonly [pattern: string, instead: string])[] = [
  // Phrases.
  ['all alone|by (?:him|her)self|by themselves|on (?:his|her|their) own', 'with friends'],
  ['in the dark|in darkness', 'in soft light'],
  ['scared to death|frightened to death', 'a little surprised'],
  ['tout(?:e)? seule?', 'avec des amis'],
  ["dans le noir|dans l’obscurité|dans l'obscurité", 'dans une lumière douce'],
  ['completamente sol[oa]', 'con amigos'],
  ['en la oscuridad', 'en una luz suave'],
  ['ganz allein', 'mit Freunden'],
  ['im dunkeln', 'in sanftem Licht'],
  ['tutt[oa] sol[oa]', 'con gli amici'],
  ['nel buio|al buio', 'in una luce dolce'],
  // Isolation.
  ['alone|lonely|isolated|solitary', 'with friends'],
  ['abandoned|deserted', 'cosy'],
  ['isolée?|solitaire|esseulée?|abandonnée?', 'avec des amis'],
  ['aislad[oa]|solitari[oa]|abandonad[oa]', 'con amigos'],
  ['einsam|allein|isoliert|verlassen', 'mit Freunden'],
  ['isolat[oa]|abbandonat[oa]', 'con gli amici'],
  // Fear.
  ['scared|frightened|afraid|terrified', 'curious'],
  ['scary|terrifying|frightening|creepy|spooky', 'magical'],
  ['nightmares?', 'dreams'],
  ['effrayée?|apeurée?|terrifiée?', 'curieux et confiant'],
  ['effrayante?|terrifiante?', 'magique'],
  ['cauchemars?', 'rêves'],
  ['asustad[oa]|aterrad[oa]', 'con curiosidad'],
  ['aterrador(?:a)?|espeluznante', 'de magia'],
  ['pesadillas?', 'sueños'],
  ['verängstigt|erschrocken', 'neugierig'],
  ['gruselig|furchterregend|unheimlich', 'zauberhaft'],
  ['albtr(?:aum|äume)', 'Träume'],
  ['spaventat[oa]|impaurit[oa]', 'con curiosità'],
  ['spaventos[oa]|terrificante', 'di magia'],
  ['incub[oi]', 'sogni'],
  // Violence.
  ['fight(?:s|ing)?|battles?|wars?|attack(?:s|ed|ing)?', 'playful game'],
  ['weapons?|swords?|guns?|knife|knives', 'magic wand'],
  ['blood|bloody', 'bright colours'],
  ['violence|violent', 'playful'],
  ['kill(?:s|ed|ing)?|dead|death|die[sd]?', 'sleeping'],
  ['combats?|batailles?|guerres?|attaquer?', 'jeu'],
  ['armes?|épées?|pistolets?|fusils?|couteaux?', 'baguette magique'],
  ['sang', 'couleurs vives'],
  ['peleas?|batallas?|guerras?|ataques?', 'juego'],
  ['armas?|espadas?|pistolas?|cuchillos?', 'varita mágica'],
  ['kampf|kämpfe|schlacht|kriege?|angriffe?', 'Spiel'],
  ['waffen?|schwerter?|gewehre?|messer', 'Zauberstab'],
  ['battagli[ae]|guerr[ae]|attacc(?:o|hi)', 'gioco'],
  ['arm[ai]|spad[ae]|coltell[oi]', 'bacchetta magica'],
  // Negative emotion.
  ['crying|weeping|sobbing', 'smiling'],
  ['sad|unhappy|miserable', 'thoughtful'],
  ['angry|furious', 'determined'],
  ['triste', 'rêveur'],
  ['en colère|furieu(?:x|se)', 'plein d’énergie'],
  ['llorando', 'sonriendo'],
  ['enojad[oa]|furios[oa]', 'con energía'],
  ['traurig|weinend', 'nachdenklich'],
  ['wütend|zornig', 'entschlossen'],
  ['piangendo', 'sorridendo'],
  ['arrabbiat[oa]', 'con energia'],
  // Fantasy creatures.
  ['monsters?|demons?|zombies?', 'friendly creature'],
  ['ghosts?', 'friendly little cloud'],
  ['witch(?:es)?', 'kind fairy'],
  ['monstres?|démons?', 'gentille créature'],
  ['fantômes?', 'gentil petit nuage'],
  ['sorcières?', 'bonne fée'],
  ['monstruos?|demonios?', 'criatura amable'],
  ['fantasmas?', 'nubecita amable'],
  ['brujas?', 'hada buena'],
  ['ungeheuer|dämonen?', 'freundliches Wesen'],
  ['gespenster?', 'freundliches Wölkchen'],
  ['hexen?', 'gute Fee'],
  ['mostr[oi]|demon[ie]', 'creatura gentile'],
  ['fantasm[ai]', 'nuvoletta gentile'],
  ['streg(?:a|he)', 'fata buona'],
  // Atmosphere.
  ['gloomy|ominous|sinister|eerie', 'softly lit'],
  ['storm(?:y|s)?|thunder(?:storm)?s?', 'gentle rain'],
  ['dark|darkness', 'starlit'],
  ['sombres?|sinistres?|lugubres?', 'doucement éclairé'],
  ['orages?|tempêtes?', 'pluie douce'],
  ['oscur[oa]s?|siniestr[oa]|lúgubre', 'con luz suave'],
  ['tormentas?', 'lluvia suave'],
  ['düster|finster', 'sanft beleuchtet'],
  ['gewitter|stürme?', 'sanfter Regen'],
  ['bui[oa]|cup[oa]|sinistr[oa]', 'con luce dolce'],
  ['tempest[ae]|temporal[ei]', 'pioggia leggera'],
  // What is simply left out.
  ['nude|naked|undressed|nue?|dénudée?|desnud[oa]|nackt|entblößt|nud[oa]|svestit[oa]', ''],
  ['explicit(?:e|[oa])?|explícit[oa]|esplicit[oa]|suicidal|suicidaire|suicida|selbstmörderisch', ''],
];

/** Words that say that somebody is there with the hero. */
export const companionWords =
  'friends?|companions?|together|family|with|amie?s?|ensemble|famille|avec|amig[oa]s?|juntos|familia|con|freunde?|zusammen|familie|mit|amic[oi]|insieme|famiglia';
/** Words that say that it is bright. */
export const brightnessWords =
  'bright|brightly|sunny|colou?rful|warm light|soft light|lumineu(?:x|se)|colorée?s?|ensoleillée?|lumière|luminos[oa]|colorid[oa]|luz|hell|bunt|sonnig|licht|luminos[oa]|colorat[oa]|luce';

/** Added where it is missing, by language. */
export const additions = {
  en: {
    companions: 'Kind companions are close by.',
    brightness: 'The scene is bright, warm and colourful.',
  },
  fr: {
    companions: 'De gentils compagnons sont tout près.',
    brightness: 'La scène est lumineuse, chaleureuse et colorée.',
  },
  es: {
    companions: 'Hay compañeros amables cerca.',
    brightness: 'La escena es luminosa, cálida y colorida.',
  },
  de: {
    companions: 'Freundliche Gefährten sind ganz nah.',
    brightness: 'Die Szene ist hell, warm und bunt.',
  },
  it: {
    companions: 'Ci sono compagni gentili vicino.',
    brightness: 'La scena è luminosa, calda e colorata.',
  },
} as const;
