import type { TextMessage } from '../text-generator.js';
import { resultOfSum } from './arithmetic.js';
import { detectLanguage, overlap, splitSentences, splitWords, summarize } from './language.js';

export interface AnswerOptions {
  readonly now: Date;
  /** IANA name. */
  readonly timeZone: string;
}

/** What the engine says in the languages that it speaks. */
const phrases = {
  en: {
    hello: 'Hello! What can I do for you?',
    welcome: 'You are welcome.',
    goodbye: 'Goodbye!',
    who: 'I am the built-in engine of this server. I work offline by rules and have no language model.',
    time: (words: string) => `It is ${words}.`,
    date: (words: string) => `Today is ${words}.`,
    sum: (sum: string, result: string) => `${sum} is ${result}.`,
    quoted: (words: string) => `You said: “${words}”`,
    nothing: 'You have not said anything before.',
    unknown:
      'I cannot answer that: I am the built-in engine, without a language model. I can tell the time and date, do sums, and repeat what was said here.',
  },
  fr: {
    hello: 'Bonjour ! Que puis-je faire pour vous ?',
    welcome: 'Avec plaisir.',
    goodbye: 'Au revoir !',
    who: 'Je suis le moteur intégré de ce serveur. Je fonctionne hors ligne, par des règles, sans modèle de langage.',
    time: (words: string) => `Il est ${words}.`,
    date: (words: string) => `Nous sommes le ${words}.`,
    sum: (sum: string, result: string) => `${sum} font ${result}.`,
    quoted: (words: string) => `Vous avez dit : « ${words} »`,
    nothing: 'Vous n’avez encore rien dit.',
    unknown:
      'Je ne peux pas répondre : je suis le moteur intégré, sans modèle de langage. Je peux donner l’heure et la date, calculer, et redire ce qui a été dit ici.',
  },
} as const;

const asks = {
  hello: /^\W*(?:hello|hi|hey|good (?:morning|afternoon|evening)|bonjour|salut|bonsoir|coucou)\b.{0,25}$/i,
  thanks: /^\W*(?:thanks|thank you|merci)\b/i,
  goodbye: /^\W*(?:bye|goodbye|good night|see you|au revoir|bonne nuit)\b/i,
  who: /\b(?:who|what) are you\b|\bwhat can you do\b|\bqui (?:es-tu|êtes-vous)\b|\bque (?:sais-tu|peux-tu) faire\b/i,
  time: /\bwhat(?:'s| is)? (?:the )?time\b|\bwhat time is it\b|\bquelle heure\b/i,
  date: /\bwhat(?:'s| is)? (?:the date|today'?s date|day is it)|\bwhat day is (?:it|today)\b|\bwhich day\b|\bquel jour\b|\bquelle (?:est la )?date\b/i,
  before:
    /\bwhat (?:did|have) i (?:just )?(?:say|said|ask|asked|tell)\b|\brepeat (?:that|what i said)\b|\bqu'est-ce que j'ai dit\b/i,
  summary: /\b(?:summari[sz]e|sum up|résume)\b/i,
};

/**
 * An answer by rules, in short sentences that can be spoken: politeness, time and date, sums, and otherwise the words of the
 * conversation and of the facts in its system messages. Where nothing fits, it says what it is.
 */
export function answerByRules(messages: readonly TextMessage[], options: AnswerOptions): string {
  const question = messages.findLast(({ role }) => role === 'user')?.content ?? '';
  return answerWhereRulesReach(messages, options) ?? phrases[languageOf(question)].unknown;
}

/** The same, null where nothing fits. */
export function answerWhereRulesReach(
  messages: readonly TextMessage[],
  { now, timeZone }: AnswerOptions,
): string | null {
  const last = messages.findLastIndex(({ role }) => role === 'user' || role === 'tool');
  const question = (messages[last]?.content ?? '').trim().replaceAll('\u2019', "'");
  if (messages[last]?.role === 'tool') return question;
  const earlier = messages.slice(0, Math.max(0, last));
  const language = languageOf(question);
  const say = phrases[language];
  const clock = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', { timeZone, ...options }).format(now);

  if (asks.hello.test(question)) return say.hello;
  if (asks.thanks.test(question)) return say.welcome;
  if (asks.goodbye.test(question)) return say.goodbye;
  if (asks.who.test(question)) return say.who;
  if (asks.time.test(question)) return say.time(clock({ hour: '2-digit', minute: '2-digit' }));
  if (asks.date.test(question))
    return say.date(clock({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }));
  const said = earlier.filter(({ role }) => role === 'user');
  if (asks.before.test(question)) {
    const quoted = said.at(-1)?.content;
    return quoted === undefined ? say.nothing : say.quoted(shortened(quoted));
  }
  const sum = resultOfSum(question);
  if (sum) return say.sum(sum.sum, String(Math.round(sum.result * 1e9) / 1e9));
  if (asks.summary.test(question)) {
    const summary = summarize(
      earlier
        .filter(({ role }) => role !== 'system')
        .map(({ content }) => content)
        .join('\n'),
    );
    if (summary) return shortened(summary);
  }
  return fromWhatIsKnown(question, earlier);
}

/** Which of the languages that the engine speaks a question is in. */
export const languageOf = (question: string): keyof typeof phrases =>
  detectLanguage(question) === 'fr' || /^(?:bonjour|salut|merci)/i.test(question.trim()) ? 'fr' : 'en';

/** The sentences of facts and earlier messages that share most with the question, in their own words. */
function fromWhatIsKnown(question: string, earlier: readonly TextMessage[]): string | null {
  const known = earlier
    .filter(({ role }) => role === 'user' || role === 'system')
    .flatMap(({ content }) => splitSentences(content))
    .map((sentence) => sentence.replace(/^[-*•\d.)\s]+/, ''))
    .filter(
      (sentence) =>
        !sentence.endsWith('?') && !isInstruction.test(sentence) && splitWords(sentence).length > 2,
    );
  const ranked = [...new Set(known)]
    .map((sentence) => ({ sentence, shared: overlap(question, sentence) }))
    .filter(({ shared }) => shared > 0)
    .sort((one, other) => other.shared - one.shared);
  const best = ranked[0]?.shared;
  const chosen = ranked.filter(({ shared }) => shared === best).slice(0, 2);
  return chosen.length === 0 ? null : shortened(chosen.map(({ sentence }) => sentence).join(' '));
}

/** Sentences of a system message that tell the model what to do are no facts. */
const isInstruction =
  /^(?:you are|you're|answer|always|never|be |do not|don't|use |reply|respond|speak|keep |tu es|réponds|vous êtes)/i;

const longest = 600;
const shortened = (text: string): string =>
  text.length <= longest ? text : `${text.slice(0, longest - 1).trimEnd()}…`;
