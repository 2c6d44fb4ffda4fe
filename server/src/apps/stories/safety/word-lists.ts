import type { LanguageCode } from '../language.js';

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

/** Hair, eyes and skin may be dark. */
const OF_COLOURS =
  '(?:[- ]\\p{L}+)?[- ](?:hair(?:ed)?|eye[sd]?|skin(?:ned)?|curls|braids|brown|blond|blue|green|red|gr[ae]y)(?!\\p{L})';
/** Endings of German adjectives. */
const E = '(?:e[mnrs]?)?';
/** The same, kept by what stands in the adjective's place: `$1`. */
const KEPT = '(e[mnrs]?)?';

/** Told as high risk wherever they stand. */
export const highRisk = [
  ...['alone', 'isolated', 'abandoned', 'nude', 'naked', 'undressed', 'explicit', 'suicidal'],
  ...['isolée?s?', 'abandonnée?s?', 'nue?s?', 'dénudée?s?', 'explicites?', 'suicidaires?'],
  ...['aislad[oa]s?', 'abandonad[oa]s?', 'desnud[oa]s?', 'explícit[oa]s?', 'suicidas?'],
  // "Verlassen" without an ending is mostly the verb: they leave the house.
  ...[`(?:isoliert|nackt|entblößt|explizit|selbstmörderisch)${E}`, 'verlassene[mnrs]?'],
  ...['isolat[oaie]', 'abbandonat[oaie]', 'nud[oaie]', 'svestit[oaie]', 'esplicit[oaie]', 'suicid[ai]'],
];

export const mediumRisk = [
  ...['weapons?', 'violence', 'violent', 'blood', 'bloody', 'guns?', 'knife', 'knives'],
  ...['attack(?:s|ed|ing)?', 'fight(?:s|ing)?', 'battles?'],
  ...[
    'violente?s?',
    'violences',
    'sanglante?s?',
    'pistolets?',
    'fusils?',
    'couteaux?',
    'attaqu(?:e|es|er|ent)',
  ],
  ...['combats?', 'batailles?', 'guerres?'],
  ...['armas?', 'violencia', 'violent[oa]s?', 'sangre', 'sangrient[oa]s?', 'pistolas?', 'cuchillos?'],
  ...['ataques?', 'peleas?', 'batallas?', 'guerras?'],
  ...['waffen?', 'gewalt', `(?:gewalttätig|blutig)${E}`, 'blut', 'gewehre?', 'messern?', 'angriffe?'],
  ...['kampf', 'kämpf(?:e|en|t|te|ten)', 'schlacht(?:en)?', 'krieg(?:s|es)?'],
  ...['arma', 'armi', 'violenza', 'violent[oie]', 'sangue', 'pistole?', 'coltell[oi]', 'attacc(?:o|hi)'],
  ...['battagli[ae]', 'guerr[ae]'],
];

/** Words that are harmless in another of the languages ("the birds sang", "es war", "die"): they count only in their own. */
export const mediumRiskIn: Readonly<Partial<Record<LanguageCode, readonly string[]>>> = {
  en: ['wars?'],
  fr: ['sang', 'armes?'],
};

type Replacement = readonly [pattern: string, instead: string];

/** The same for what is replaced. */
export const replacementsIn: Readonly<Partial<Record<LanguageCode, readonly Replacement[]>>> = {
  en: [
    ['wars?', 'playful game'],
    ['die[sd]?', 'sleeping'],
  ],
  fr: [
    ['sang', 'couleurs vives'],
    ['armes?', 'baguette magique'],
  ],
  it: [['spad[ae]', 'bacchetta magica']],
};

/** Patterns and what stands in their place, phrases before words. */
export const replacements: readonly Replacement[] = [
  // Phrases.
  ['all alone|by (?:him|her)self|by themselves|on (?:his|her|their) own', 'with friends'],
  ['in the dark|in darkness', 'in soft light'],
  ['scared to death|frightened to death', 'a little surprised'],
  ['tout(?:e)?s? seule?s?', 'avec des amis'],
  ["dans le noir|dans l’obscurité|dans l'obscurité", 'dans une lumière douce'],
  ['completamente sol[oa]s?', 'con amigos'],
  ['en la oscuridad', 'en una luz suave'],
  ['ganz allein', 'mit Freunden'],
  ['im dunkeln', 'in sanftem Licht'],
  ['tutt[oaie] sol[oaie]', 'con gli amici'],
  ['nel buio|al buio', 'in una luce dolce'],
  // Isolation.
  ['alone|lonely|isolated|solitary', 'with friends'],
  ['abandoned|deserted', 'cosy'],
  ['isolée?s?|solitaires?|esseulée?s?|abandonnée?s?', 'avec des amis'],
  ['(?:aislad|solitari|abandonad)[oa]s?', 'con amigos'],
  ['(?:einsam|isoliert)(e[mnrs]?)', 'fröhlich$1'],
  ['verlassen(e[mnrs]?)', 'gemütlich$1'],
  ['einsam|alleine?|isoliert', 'mit Freunden'],
  ['(?:isolat|abbandonat)[oaie]', 'con gli amici'],
  // Fear.
  ['scared|frightened|afraid|terrified', 'curious'],
  ['scary|terrifying|frightening|creepy|spooky', 'magical'],
  ['nightmares?', 'dreams'],
  ['(?:effray|apeur|terrifi)ée?s?', 'curieux et confiant'],
  ['(?:effray|terrifi)ante?s?', 'magique'],
  ['cauchemars?', 'rêves'],
  ['(?:asustad|aterrad)[oa]s?', 'con curiosidad'],
  ['aterrador(?:as?|es)?|espeluznantes?', 'de magia'],
  ['pesadillas?', 'sueños'],
  [`(?:verängstigt|erschrocken)${KEPT}`, 'neugierig$1'],
  [`(?:gruselig|furchterregend|unheimlich)${KEPT}`, 'zauberhaft$1'],
  ['albtr(?:aum|äume)', 'Träume'],
  ['(?:spaventat|impaurit)[oaie]', 'con curiosità'],
  ['spaventos[oaie]|terrificant[ei]', 'di magia'],
  ['incub[oi]', 'sogni'],
  // Violence.
  ['fight(?:s|ing)?|battles?|attack(?:s|ed|ing)?', 'playful game'],
  ['weapons?|swords?|guns?|knife|knives', 'magic wand'],
  ['blood|bloody', 'bright colours'],
  ['violence|violent', 'playful'],
  ['kill(?:s|ed|ing)?|dead|death', 'sleeping'],
  ['combats?|batailles?|guerres?|attaqu(?:e|es|er|ent)', 'jeu'],
  ['épées?|pistolets?|fusils?|couteaux?', 'baguette magique'],
  ['violente?s?|violences|sanglante?s?', 'joueur'],
  ['peleas?|batallas?|guerras?|ataques?', 'juego'],
  ['armas?|espadas?|pistolas?|cuchillos?', 'varita mágica'],
  ['violencia|violent[oa]s?|sangre|sangrient[oa]s?', 'colores vivos'],
  ['kampf|kämpfe|schlacht(?:en)?|krieg(?:s|es)?|angriffe?', 'Spiel'],
  ['kämpf(?:en|te|ten|t)', 'spielen'],
  [`gewalttätig${KEPT}`, 'verspielt$1'],
  [`blutig${KEPT}`, 'bunt$1'],
  ['blut|gewalt', 'bunte Farben'],
  ['waffen?|schwerter?|gewehre?|messern?', 'Zauberstab'],
  ['battagli[ae]|guerr[ae]|attacc(?:o|hi)', 'gioco'],
  ['arm[ai]|pistole?|coltell[oi]', 'bacchetta magica'],
  ['violenza|violent[oie]|sangue', 'colori vivaci'],
  // Negative emotion.
  ['crying|weeping|sobbing', 'smiling'],
  ['sad|unhappy|miserable', 'thoughtful'],
  ['angry|furious', 'determined'],
  ['tristes?', 'rêveur'],
  ['en colère|furieu(?:x|se)', 'plein d’énergie'],
  ['llorando', 'sonriendo'],
  ['(?:enojad|furios)[oa]s?', 'con energía'],
  [`(?:traurig|weinend)${KEPT}`, 'nachdenklich$1'],
  [`(?:wütend|zornig)${KEPT}`, 'entschlossen$1'],
  ['piangendo', 'sorridendo'],
  ['arrabbiat[oaie]', 'con energia'],
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
  ['gespenst(?:ern?|e?s)?', 'freundliches Wölkchen'],
  ['hexen?', 'gute Fee'],
  ['mostr[oi]|demon[ie]', 'creatura gentile'],
  ['fantasm[ai]', 'nuvoletta gentile'],
  ['streg(?:a|he)', 'fata buona'],
  // Atmosphere.
  ['gloomy|ominous|sinister|eerie', 'softly lit'],
  ['storm(?:y|s)?|thunder(?:storm)?s?', 'gentle rain'],
  [`dark(?!${OF_COLOURS})|darkness`, 'starlit'],
  ['sombres?|sinistres?|lugubres?', 'doucement éclairé'],
  ['orages?|tempêtes?', 'pluie douce'],
  ['oscur[oa]s?|siniestr[oa]s?|lúgubres?', 'con luz suave'],
  ['tormentas?', 'lluvia suave'],
  [`(?:düster|finster)${KEPT}`, 'sanft beleuchtet$1'],
  ['gewitter|stürme?', 'sanfter Regen'],
  ['bui[oa]|cup[oa]', 'con luce dolce'],
  ['tempest[ae]|temporal[ei]', 'pioggia leggera'],
  // What is simply left out.
  ['nude|naked|undressed|nue?s?|dénudée?s?|desnud[oa]s?', ''],
  [`(?:nackt|entblößt)${E}|nud[oaie]|svestit[oaie]`, ''],
  ['explicit(?:es?)?|explícit[oa]s?|esplicit[oaie]|suicidal|suicidaires?|suicidas?|suicidi', ''],
  [`(?:explizit|selbstmörderisch)${E}`, ''],
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
