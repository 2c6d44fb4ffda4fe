import type { Color } from './color.js';
import type { HairStyle } from './hair.js';
import type { TimeOfDay } from './light.js';
import type { Look } from './look.js';

/** Words (without accents, small) and what they mean. */
export type Vocabulary<T = Color> = ReadonlyMap<string, T>;

/** `meaning: 'word word word'` as a map from each word. A `_` stands for a space. */
export function vocabulary<T extends string>(
  meanings: Readonly<Record<string, string>>,
): ReadonlyMap<string, T> {
  return new Map(
    Object.entries(meanings).flatMap(([meaning, words]) =>
      words.split(' ').map((word): [string, T] => [word.replaceAll('_', ' '), meaning as T]),
    ),
  );
}

/** A text in small letters without accents or punctuation, words set apart by single spaces, with one at both ends. */
export const plainWords = (text: string): string =>
  ` ${text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/œ/g, 'oe')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;

/** What the words of a text mean, in the order in which they are said; plurals count, longer phrases win. */
export function meaningsIn<T>(text: string, vocabulary: Vocabulary<T>): T[] {
  // "Been" is no plural of "bee".
  const words = plainWords(text).replaceAll(' been ', ' was ').trim().split(' ');
  const found: T[] = [];
  for (let index = 0; index < words.length; index += 1) {
    for (const length of [3, 2, 1]) {
      if (index + length > words.length) continue;
      const meaning = meaningOf(words.slice(index, index + length).join(' '), vocabulary);
      if (meaning === undefined) continue;
      if (!found.includes(meaning)) found.push(meaning);
      index += length - 1;
      break;
    }
  }
  return found;
}

const meaningOf = <T>(phrase: string, vocabulary: Vocabulary<T>): T | undefined =>
  vocabulary.get(phrase) ??
  vocabulary.get(phrase.replace(/(es|s|x|n|e)$/, '')) ??
  vocabulary.get(phrase.replace(/ies$/, 'y')) ??
  vocabulary.get(phrase.replace(/(s|es)$/, ''));

export const colorIn = (text: string, words: Vocabulary): Color | undefined => meaningsIn(text, words)[0];

export const vocabularies = {
  hair: vocabulary<Color>({
    '#3a2a28': 'black noir noire negro schwarz nero dark_brown brun_fonce dark fonce',
    '#6b4428': 'brown brun brune marron chatain chatains castano braun castano brunette',
    '#b9783f': 'light_brown chestnut caramel auburn noisette',
    '#e9bd62': 'blond blonde golden gold dore rubio biondo yellow',
    '#c95a2c': 'red ginger roux rousse orange pelirrojo rot rosso copper',
    '#d9d6d2': 'white grey gray silver blanc gris grise',
    '#f49ac1': 'pink rose rosa',
    '#6fa8dc': 'blue bleu',
    '#9a7bd0': 'purple violet violette',
  }),
  eyes: vocabulary<Color>({
    '#5b3a24': 'brown brun marron dark fonce braun castano',
    '#3f8fc4': 'blue bleu blau azul azzurro',
    '#4d9a62': 'green vert grun verde',
    '#8a7a3a': 'hazel noisette amber ambre',
    '#7d8a99': 'grey gray gris grau',
  }),
  skin: vocabulary<Color>({
    '#f8d3b8': 'pale fair light white clair claire porcelain blanche',
    '#edb98f': 'peach medium beige rosy',
    '#d69a68': 'olive tan tanned golden dore mate bronze halee',
    '#a9693f': 'brown brun brune caramel',
    '#74452c': 'dark deep black ebony foncee noire noir',
  }),
  clothes: vocabulary<Color>({
    '#e2574c': 'red rouge rot rojo rosso',
    '#4f93d9': 'blue bleu bleue blau azul',
    '#5fb06a': 'green vert verte grun verde',
    '#ffcb52': 'yellow jaune gelb amarillo gold golden dore doree',
    '#ff9a4a': 'orange',
    '#f083a6': 'pink rose rosa',
    '#9273cf': 'purple violet violette lila',
    '#f6f0e6': 'white blanc blanche weiss',
    '#4a4a63': 'black noir noire schwarz',
    '#b98555': 'brown brun marron',
    '#3fb5ac': 'turquoise teal',
    '#9aa3b5': 'grey gray gris silver argent',
  }),
} as const;

const hairStyleWords = vocabulary<HairStyle>({
  short: 'short court courte cropped',
  bob: 'bob straight raide carre lisse',
  long: 'long longue flowing wavy ondule',
  ponytail: 'ponytail queue_de_cheval pony_tail',
  pigtails: 'pigtail couette pig_tail',
  braids: 'braid braided plait tresse',
  curly: 'curly curl boucle frise frisee',
  afro: 'afro crepu',
  spiky: 'spiky messy ebouriffe tousled',
  bun: 'bun chignon',
});

export const hairStyleIn = (text: string): HairStyle | undefined => meaningsIn(text, hairStyleWords)[0];

const outfitWords = vocabulary<Look['outfit']>({
  dress: 'dress robe skirt jupe gown nightgown',
  overalls: 'overall dungaree salopette jumpsuit',
  striped: 'striped stripe raye rayure sailor mariniere',
  shirt:
    'shirt t_shirt tshirt sweater pull jacket veste hoodie pyjama pajama coat manteau trouser pantalon jeans',
});

export const outfitIn = (text: string): Look['outfit'] | undefined => meaningsIn(text, outfitWords)[0];

const extraWords = vocabulary<Look['extra']>({
  cape: 'cape cloak superhero brave bravery courageous courageux courageuse courage heroic mutig valiente',
  crown: 'crown couronne princess princesse prince queen reine king roi tiara',
  glasses: 'glasses lunettes spectacles wise smart clever sage intelligent intelligente',
  bow: 'bow noeud ribbon ruban',
  flower: 'flower fleur kind gentle caring gentil gentille doux douce',
  hat: 'hat chapeau straw_hat',
  backpack:
    'backpack sac_a_dos rucksack adventurous curious aventureux aventureuse curieux curieuse explorer',
});

export const extraIn = (text: string): Look['extra'] | undefined => meaningsIn(text, extraWords)[0];

export type PlaceName =
  | 'hills'
  | 'forest'
  | 'beach'
  | 'city'
  | 'school'
  | 'bedroom'
  | 'castle'
  | 'sea'
  | 'underwater'
  | 'space'
  | 'mountains'
  | 'garden'
  | 'village'
  | 'party'
  | 'kitchen';

export const placeWords = vocabulary<PlaceName>({
  hills: 'hill meadow field countryside colline prairie champ campagne wiese prado nature farm ferme',
  forest: 'forest wood woods woodland jungle foret bois wald bosque foresta tree arbre',
  beach: 'beach sand shore island plage sable ile strand playa spiaggia',
  city: 'city town street road skyscraper ville rue stadt ciudad citta bus',
  school: 'school classroom teacher ecole classe schule escuela scuola',
  bedroom:
    'bedroom bed pillow bedtime room chambre lit oreiller coucher schlafzimmer dormitorio sleep sleeping asleep',
  castle: 'castle palace kingdom chateau palais royaume schloss castillo castello knight chevalier tower',
  sea: 'sea ocean boat ship sail mer bateau voilier meer mar mare harbor harbour lake lac river riviere pirate',
  underwater:
    'underwater under_the_sea sous_l_eau coral reef corail mermaid sirene submarine sous_marin under_water',
  space:
    'space planet galaxy astronaut rocket spaceship espace planete galaxie astronaute fusee weltraum espacio spazio moon_landing mars',
  mountains: 'mountain peak montagne sommet berg montana montagna cliff volcano volcan',
  garden: 'garden park playground flower jardin parc fleur garten picnic pique_nique butterfly',
  village: 'village cottage house home maison dorf pueblo neighborhood neighbourhood market marche',
  party: 'birthday party anniversaire fete geburtstag cumpleanos compleanno cake gateau celebration',
  kitchen:
    'kitchen cooking baking cuisine bake cook toothbrush brush_teeth bathroom salle_de_bain living_room salon library bibliotheque hospital hopital doctor dentist dentiste',
});

export const timeWords = vocabulary<TimeOfDay>({
  night:
    'night midnight moon moonlight moonlit star starry starlight nuit lune etoile minuit nacht noche notte bedtime firefly luciole nighttime',
  dusk: 'dusk sunset evening twilight crepuscule soir coucher_de_soleil coucher_du_soleil abend atardecer tramonto',
  dawn: 'dawn sunrise morning aube aurore matin lever_du_soleil morgen',
  day: 'day sunny sun afternoon noon jour soleil midi tag dia daytime',
});

export const weatherWords = vocabulary<'snow' | 'rain'>({
  snow: 'snow snowy winter snowman neige hiver schnee nieve neve sled luge ski ice christmas noel snowflake',
  rain: 'rain rainy storm pluie orage regen lluvia pioggia umbrella parapluie puddle',
});

export const moodWords = vocabulary<'joyful' | 'calm' | 'asleep' | 'amazed' | 'brave' | 'sad'>({
  joyful:
    'joyful joy happy happiness laugh laughing smiling exciting excited celebrate cheerful fun joyeux joyeuse heureux heureuse rire content contente party birthday froh feliz',
  calm: 'peaceful calm heartwarming gentle contemplative cozy cosy quiet serene calme paisible tranquille doux douce warm tender ruhig',
  asleep: 'asleep sleeping sleepy dreaming endormi endormie dort dormir dream reve schlaf',
  amazed:
    'mysterious magical amazed wonder surprised surprise discover mystery magic mysterieux mysterieuse magique emerveille etonne staunen',
  brave: 'adventurous brave adventure quest bold determined explore aventure courageux courageuse courage',
  sad: 'sad lonely cry crying triste pleure seul',
});
