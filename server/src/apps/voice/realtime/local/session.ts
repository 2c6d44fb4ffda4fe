import { prefixedId } from '../../../../platform/ids.js';
import type { VoiceEngines } from '../../engines.js';
import { type EffectiveSession, isMembers, mergeSession } from '../../realtime-sessions/configuration.js';
import { errorEvent, inWords, type RealtimeEvent, RealtimeProblem, serverEvent } from '../events.js';
import type { Peer, PeerParts } from '../peer.js';
import { createTurnClock } from '../turn-clock.js';
import { type Answer, type CancelReason, startAnswer } from './answer.js';
import { createConversation, messagesOf } from './conversation.js';
import { createInputAudio, type InputChange, type Utterance } from './input-audio.js';
import { type Item, itemOf, type MessageItem } from './items.js';
import { answerSettings, inputSettings } from './settings.js';
import { transcriptionUsage } from './usage.js';

type Members = Readonly<Record<string, unknown>>;

export interface LocalParts extends PeerParts {
  readonly engines: VoiceEngines;
  readonly apiKey: string | undefined;
  readonly speechModel: string;
  readonly textModel: string | undefined;
  /** The configuration that the connection begins with. */
  readonly session: EffectiveSession;
}

/** What a client that cannot be heard is told instead of an answer to nothing. */
const NOT_HEARD =
  'I can tell that you are speaking, but this server has no speech recognition installed, so I cannot make out the words.';
const LONGEST_AUDIO = 15 * 1024 * 1024;

/**
 * A Realtime session over this server's own engines (contract §8.8, LOCAL): voice activity, recognition, text and
 * speech. The wire is the current dialect.
 */
export function createLocalSession(parts: LocalParts): Peer {
  const { engines, log, now, send } = parts;
  const conversationId = prefixedId('conv_');
  const conversation = createConversation();
  const input = createInputAudio();
  const closing = new AbortController();
  /** Transcripts on their way, by item. */
  const hearing = new Map<string, Promise<void>>();
  const outOfBand = new Set<Answer>();
  let session: EffectiveSession = parts.session;
  let settings = inputSettings(session);
  let hasSpoken = false;
  let active: Answer | undefined;
  /** A turn that came while an answer was going on that must not be interrupted. */
  let isTurnWaiting = false;
  let idle: NodeJS.Timeout | undefined;
  input.configure(settings.format, settings.detection);

  const update = (change: unknown) => {
    if (!isMembers(change))
      throw new RealtimeProblem('missing_required_parameter', 'Missing: session.', 'session');
    if (change.type !== session.type)
      throw new RealtimeProblem(
        'invalid_value',
        `The type of this session is ${session.type}.`,
        'session.type',
      );
    const { id: _, object: __, model, expires_at: ___, ...rest } = change;
    if (typeof model === 'string' && session.type === 'realtime' && model !== session.model)
      throw new RealtimeProblem(
        'cannot_update_model',
        'The model of a session cannot change.',
        'session.model',
      );
    const merged = mergeSession(session, rest) as EffectiveSession;
    const next = inputSettings(merged);
    if (session.type === 'realtime') {
      const { voice } = answerSettings(merged);
      if (hasSpoken && voice !== answerSettings(session).voice)
        throw new RealtimeProblem(
          'cannot_update_voice',
          'The voice cannot change once the assistant has spoken.',
          'session.audio.output.voice',
        );
    }
    session = merged;
    settings = next;
    input.configure(settings.format, settings.detection);
    send(serverEvent('session.updated', { session }));
  };

  const listenFor = (item: MessageItem, { audio, startMs, endMs }: Utterance): void => {
    const { language, prompt, tellsTranscript } = settings;
    const { apiKey } = parts;
    const at = { item_id: item.id, content_index: 0 };
    const hear = async () => {
      try {
        const { text } = await engines.transcriber.transcribe(audio, {
          signal: closing.signal,
          ...(language ? { language } : {}),
          ...(prompt ? { prompt } : {}),
          ...(apiKey === undefined ? {} : { apiKey }),
        });
        if (closing.signal.aborted) return;
        const heard: MessageItem = { ...item, content: [{ type: 'input_audio', transcript: text }] };
        conversation.replace(heard);
        if (!tellsTranscript) return;
        const type = 'conversation.item.input_audio_transcription';
        if (text !== '') send(serverEvent(`${type}.delta`, { ...at, delta: text }));
        const usage = transcriptionUsage(text, endMs - startMs);
        send(serverEvent(`${type}.completed`, { ...at, transcript: text, usage }));
      } catch (error) {
        if (closing.signal.aborted) return;
        log(error);
        const { error: told } = errorEvent(inWords(error));
        send(serverEvent('conversation.item.input_audio_transcription.failed', { ...at, error: told }));
        throw error;
      }
    };
    const heard = hear().finally(() => hearing.delete(item.id));
    // Whoever answers it waits for it and tells of the failure; without an answer it has been told above.
    heard.catch(() => {});
    hearing.set(item.id, heard);
  };

  const commit = (utterance: Utterance) => {
    const item: MessageItem = {
      id: utterance.itemId,
      object: 'realtime.item',
      type: 'message',
      status: 'completed',
      role: 'user',
      content: [{ type: 'input_audio', transcript: null }],
    };
    const previous = conversation.insert(item);
    send(serverEvent('input_audio_buffer.committed', { item_id: item.id, previous_item_id: previous }));
    listenFor(item, utterance);
    tellAdded(item, previous);
  };
  const tellAdded = (item: Item, previous: string | null) => {
    send(serverEvent('conversation.item.added', { previous_item_id: previous, item }));
    send(serverEvent('conversation.item.done', { previous_item_id: previous, item }));
  };

  const change = (heard: InputChange) => {
    clearTimeout(idle);
    if (heard.kind === 'started') {
      send(
        serverEvent('input_audio_buffer.speech_started', { audio_start_ms: heard.ms, item_id: heard.itemId }),
      );
      if (settings.interruptsResponse) stop('turn_detected');
      return;
    }
    const { utterance } = heard;
    send(
      serverEvent('input_audio_buffer.speech_stopped', {
        audio_end_ms: utterance.endMs,
        item_id: utterance.itemId,
      }),
    );
    commit(utterance);
    if (!settings.createsResponse) return;
    if (active) isTurnWaiting = true;
    else answer();
  };

  /** Words cannot be had from an engine that only tells when somebody spoke. */
  const contextOf = async (items: readonly Item[], instructions: string) => {
    await Promise.all(items.map(({ id }) => hearing.get(id)));
    const current = items.map((item) => conversation.items.find(({ id }) => id === item.id) ?? item);
    return messagesOf(instructions, current);
  };
  const answer = (response: Members = {}) => {
    const isOutOfBand = response.conversation === 'none';
    if (active && !isOutOfBand)
      throw new RealtimeProblem(
        'conversation_already_has_active_response',
        'Conversation already has an active response in progress. Wait until it is finished, or cancel it.',
      );
    const chosen = answerSettings(session, response);
    const items =
      response.input === undefined || response.input === null
        ? [...conversation.items]
        : contextGiven(response.input);
    clearTimeout(idle);
    isTurnWaiting = false;
    const cannotHear = engines.transcriber.hears === 'times' && isSpoken(items.at(-1));
    const made = startAnswer({
      text: engines.text,
      synthesizer: engines.synthesizer,
      speechModel: parts.speechModel,
      textModel: parts.textModel,
      apiKey: parts.apiKey,
      settings: chosen,
      context: () => contextOf(items, chosen.instructions),
      instead: cannotHear ? NOT_HEARD : null,
      keep: {
        add: (item) => (isOutOfBand ? undefined : conversation.insert(item)),
        replace: conversation.replace,
        spoke: (id, text, milliseconds) => {
          hasSpoken = true;
          conversation.spoke(id, { text, milliseconds });
        },
      },
      metadata: isMembers(response.metadata) ? response.metadata : null,
      conversationId: isOutOfBand ? null : conversationId,
      clock: createTurnClock(prefixedId('turn_'), now),
      send,
      drained: parts.drained,
      log,
    });
    if (isOutOfBand) {
      outOfBand.add(made);
      void made.finished.then(() => outOfBand.delete(made));
    } else {
      active = made;
      void made.finished.then(() => over(made));
    }
  };
  const over = (made: Answer) => {
    if (active !== made || closing.signal.aborted) return;
    active = undefined;
    if (isTurnWaiting) answer();
    else waitForSilence();
  };
  const stop = (reason: CancelReason): boolean => {
    const stopped = active;
    active = undefined;
    isTurnWaiting = false;
    stopped?.cancel(reason);
    return stopped !== undefined;
  };
  const waitForSilence = () => {
    const { idleTimeoutMs } = settings;
    if (idleTimeoutMs === null) return;
    idle = setTimeout(() => {
      if (input.isSpeech || active) return;
      const itemId = prefixedId('item_');
      send(
        serverEvent('input_audio_buffer.timeout_triggered', {
          item_id: itemId,
          audio_start_ms: 0,
          audio_end_ms: idleTimeoutMs,
        }),
      );
      const previous = conversation.items.at(-1)?.id ?? null;
      send(serverEvent('input_audio_buffer.committed', { item_id: itemId, previous_item_id: previous }));
      const silence: MessageItem = {
        id: itemId,
        object: 'realtime.item',
        type: 'message',
        status: 'completed',
        role: 'user',
        content: [{ type: 'input_audio', transcript: '' }],
      };
      conversation.insert(silence);
      tellAdded(silence, previous);
      answer();
    }, idleTimeoutMs);
    idle.unref();
  };

  /** The items that a `response.create` names instead of the conversation. */
  const contextGiven = (given: unknown): Item[] => {
    if (!Array.isArray(given))
      throw new RealtimeProblem('invalid_value', 'A list of items.', 'response.input');
    return given.map((one, index) =>
      isMembers(one) && one.type === 'item_reference'
        ? conversation.get(String(one.id))
        : itemOf(one, `response.input[${index}]`),
    );
  };

  const handlers: Readonly<Record<string, (event: RealtimeEvent) => void>> = {
    'session.update': (event) => update(event.session),
    'input_audio_buffer.append': ({ audio }) => {
      if (typeof audio !== 'string' || audio.length > LONGEST_AUDIO || !BASE64.test(audio.slice(-4)))
        throw new RealtimeProblem('invalid_value', 'Audio is base64 of at most 15 MiB.', 'audio');
      const bytes = Buffer.from(audio, 'base64');
      if (bytes.length % settings.format.bytesPerSample !== 0)
        throw new RealtimeProblem('invalid_value', 'The audio ends in the middle of a sample.', 'audio');
      for (const heard of input.append(bytes)) change(heard);
    },
    'input_audio_buffer.commit': () => commit(input.commit()),
    'input_audio_buffer.clear': () => {
      input.clear();
      send(serverEvent('input_audio_buffer.cleared'));
    },
    'conversation.item.create': ({ item, previous_item_id: previousId }) => {
      const made = itemOf(item);
      if (previousId !== undefined && previousId !== null && typeof previousId !== 'string')
        throw new RealtimeProblem('invalid_value', 'The id of an item, or root.', 'previous_item_id');
      tellAdded(made, conversation.insert(made, previousId ?? null));
    },
    'conversation.item.retrieve': ({ item_id: id }) => {
      send(serverEvent('conversation.item.retrieved', { item: conversation.get(String(id)) }));
    },
    'conversation.item.delete': ({ item_id: id }) => {
      conversation.remove(String(id));
      send(serverEvent('conversation.item.deleted', { item_id: id }));
    },
    'conversation.item.truncate': ({ item_id: id, content_index: index, audio_end_ms: ms }) => {
      if (typeof ms !== 'number' || ms < 0)
        throw new RealtimeProblem('invalid_value', 'Milliseconds, at least 0.', 'audio_end_ms');
      if (index !== 0 && index !== undefined)
        throw new RealtimeProblem('invalid_value', 'An answer has one part: 0.', 'content_index');
      conversation.truncate(String(id), 0, ms);
      send(serverEvent('conversation.item.truncated', { item_id: id, content_index: 0, audio_end_ms: ms }));
    },
    'response.create': ({ response }) => {
      if (session.type === 'transcription')
        throw new RealtimeProblem('invalid_request', 'A transcription session has no answers.');
      answer(isMembers(response) ? response : {});
    },
    'response.cancel': ({ response_id: id }) => {
      const aside = [...outOfBand].find((one) => one.id === id);
      if (aside) return aside.cancel('client_cancelled');
      const isOther = typeof id === 'string' && active?.id !== id;
      if (isOther || !stop('client_cancelled'))
        throw new RealtimeProblem(
          'response_cancel_not_active',
          'Cancellation failed: no active response found.',
        );
    },
  };

  send(serverEvent('session.created', { session }));
  return {
    receive: (event) => {
      const handle = handlers[event.type];
      try {
        if (!handle)
          throw new RealtimeProblem('invalid_value', `There is no event of type ${event.type}.`, 'type');
        handle(event);
      } catch (error) {
        if (!(error instanceof RealtimeProblem)) log(error);
        send(errorEvent(inWords(error), event));
      }
    },
    close: () => {
      closing.abort();
      clearTimeout(idle);
      active?.abandon();
      for (const answering of outOfBand) answering.abandon();
    },
  };
}

/** How base64 ends: padding only at the very end. The decoder skips what is no base64, which would be noise. */
const BASE64 = /^[\w+/-]*={0,2}$/;

const isSpoken = (item: Item | undefined): boolean =>
  item?.type === 'message' && item.content.some(({ type }) => type === 'input_audio');
