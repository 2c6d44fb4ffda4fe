import { splitSentences } from '../../../platform/ai/builtin/language.js';

/** Words by which people begin to say something new, as recognisers without punctuation write them. */
const openers =
  "(?:(?:and|but|so|then|also|please|okay|well) )?(?:remind me|don't (?:let me )?forget|remember to|make sure|let's|i(?:'m|'ll|'ve| am| live| work| like| love| hate| prefer| have| own| play| study| speak| was| need| want| must| should| promised| think| got)\\b|my (?:\\w+ ){1,3}(?:is|are|was|were|lives|works|likes|loves)\\b|we(?:'ll| need| have| want| must| should| decided| agreed| will)\\b|(?:what|when|where|who|why|how) (?:is|are|do|does|did|was|were|can|should|will)\\b)";
/** What stands before an opener belongs to it. */
const leading = '(?<!\\b(?:and|but|so|then|also|please|okay|well))';
const beforeOpener = new RegExp(`${leading}\\s+(?=${openers})`, 'giu');
/** A capital inside a text without any punctuation is where the next utterance was added. */
const beforeCapital =
  /(?<=[\p{Ll}\d']) +(?=(?:A|An|And|At|But|Can|Could|Did|Do|Don't|He|How|If|In|Is|It|It's|Let's|My|No|Okay|On|Our|Please|Remind|She|So|That|The|Then|There|They|This|Today|Tomorrow|We|What|When|Where|Who|Why|Will|Yes|You)\b)/gu;
/** A sentence with more words than this and no mark inside was heard, not written. */
const LONGEST_PLAIN_WORDS = 12;

/** What somebody said, sentence by sentence, also where the recogniser wrote no punctuation. */
export const utterancesOf = (text: string): string[] =>
  splitSentences(text.replaceAll('\u2019', "'"))
    .flatMap((sentence) => (isUnpunctuated(sentence) ? cut(sentence) : sentence))
    .map((utterance) => capitalized(utterance.trim()))
    .filter(Boolean);

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const isUnpunctuated = (sentence: string): boolean =>
  !/[.!?;:,…]./u.test(sentence) &&
  (sentence.split(/\s+/).length > LONGEST_PLAIN_WORDS || sentence.search(beforeCapital) !== -1);

const cut = (sentence: string): string[] =>
  sentence.split(beforeCapital).flatMap((part) => part.split(beforeOpener));

/** As sentences, so that what reads sentences can tell them apart. */
export const punctuated = (utterances: readonly string[]): string =>
  utterances.map((text) => (/[.!?…]$/u.test(text) ? text : `${text}.`)).join(' ');
