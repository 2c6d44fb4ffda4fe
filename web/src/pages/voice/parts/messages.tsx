import { useEffect } from 'react';
import { Icon } from '../../../design/icon.tsx';
import { type Message, type Talk, unansweredOf } from '../talk/talk.ts';

/** Who said what; everything as text, whatever it contains. */
export function Messages({ talk, onRetry }: { talk: Talk; onRetry: () => void }) {
  const { messages, phase, interim } = talk;
  const unanswered = phase === 'idle' || phase === 'tts-failed' ? unansweredOf(talk) : null;
  const grown = messages.reduce((sum, { text }) => sum + text.length, 0) + interim.length;

  // biome-ignore lint/correctness/useExhaustiveDependencies: follows what is said
  useEffect(() => {
    // After whatever the router scrolls when a page is opened.
    const frame = requestAnimationFrame(() => scrollTo({ top: document.documentElement.scrollHeight }));
    return () => cancelAnimationFrame(frame);
  }, [grown, phase]);

  return (
    <ol aria-label="Conversation" className="flex flex-col gap-3">
      {messages.map((message) => (
        <Bubble key={message.id} message={message}>
          {message.id === unanswered?.id ? (
            <button
              type="button"
              onClick={onRetry}
              className="mt-1.5 -mb-1 flex min-h-11 items-center gap-2 font-medium underline underline-offset-4"
            >
              <Icon name="retry" />
              Ask this again
            </button>
          ) : null}
        </Bubble>
      ))}
      {phase === 'listening' && interim !== '' ? (
        <li className="voice-bubble voice-bubble-user opacity-80">{interim}</li>
      ) : null}
      {phase === 'transcribing' ? (
        <Dots className="voice-bubble-bot self-end" label="Writing it down" />
      ) : null}
      {phase === 'thinking' ? <Dots className="voice-bubble-bot" label="The assistant is thinking" /> : null}
    </ol>
  );
}

function Bubble({ message, children }: { message: Message; children: React.ReactNode }) {
  const { sender, text, status } = message;
  return (
    <li className={`voice-bubble voice-bubble-${sender}`}>
      <span className="sr-only">{sender === 'user' ? 'You: ' : 'Assistant: '}</span>
      {text}
      {status === 'interrupted' ? <span className="block text-sm text-muted">– interrupted</span> : null}
      {children}
    </li>
  );
}

function Dots({ className, label }: { className: string; label: string }) {
  return (
    <li className={`voice-bubble ${className}`}>
      <span className="sr-only">{label}</span>
      <span aria-hidden="true" className="voice-dots">
        <i />
        <i />
        <i />
      </span>
    </li>
  );
}
