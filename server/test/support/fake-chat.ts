import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a model is to answer; nothing = it repeats what the user said, or fills in the schema, or calls a tool it must call. */
export interface ScriptedChat {
  readonly text?: string;
  /** Written as JSON text. */
  readonly json?: unknown;
  readonly toolCalls?: readonly { readonly name: string; readonly arguments: unknown }[];
  readonly finishReason?: string;
  readonly refusal?: string;
  /** False: the upstream does not count. */
  readonly usage?: boolean;
  /** Waits this long before each piece. */
  readonly milliseconds?: number;
  /** After so many pieces the connection breaks, the answer ends without saying so, or an error that repeats the key comes. */
  readonly after?: { readonly pieces: number; readonly comes: 'hang-up' | 'end' | 'error' | 'silence' };
}

type Body = Readonly<Record<string, unknown>>;

/** Answers `POST /chat/completions`, as a stream or whole, as it was asked. */
export async function answerChat(body: Body, outgoing: ServerResponse, script: ScriptedChat, key: string) {
  const answer = answerTo(body, script);
  if (body.stream === true) await streamChat(body, outgoing, { ...script, ...answer }, key);
  else
    outgoing.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        id: 'chatcmpl-1',
        object: 'chat.completion',
        created: 1,
        model: body.model,
        choices: [
          {
            index: 0,
            message: {
              role: 'assistant',
              content: answer.text ?? null,
              refusal: script.refusal ?? null,
              ...(answer.toolCalls ? { tool_calls: answer.toolCalls.map(toolCall) } : {}),
            },
            finish_reason: finishOf(answer, script),
          },
        ],
        ...(script.usage === false ? {} : { usage: usageOf(body, answer.text ?? '') }),
      }),
    );
}

type Answer = Pick<ScriptedChat, 'text' | 'toolCalls'>;

const finishOf = (answer: Answer, script: ScriptedChat): string =>
  script.finishReason ?? (answer.toolCalls ? 'tool_calls' : 'stop');

function answerTo(body: Body, script: ScriptedChat): Answer {
  if (script.toolCalls) return { toolCalls: script.toolCalls, ...(script.text ? { text: script.text } : {}) };
  if (script.refusal) return {};
  if (script.json !== undefined) return { text: JSON.stringify(script.json) };
  if (script.text !== undefined) return { text: script.text };
  const format = body.response_format as { json_schema?: { schema?: Body } } | undefined;
  if (format) return { text: JSON.stringify(sampleOf(format.json_schema?.schema ?? { type: 'object' })) };
  const tools = body.tools as { function: { name: string; parameters: Body } }[] | undefined;
  const [tool] = tools ?? [];
  if (tool && body.tool_choice !== 'auto' && body.tool_choice !== 'none')
    return { toolCalls: [{ name: tool.function.name, arguments: sampleOf(tool.function.parameters) }] };
  return { text: `You said: ${lastWords(body)}` };
}

function lastWords({ messages }: Body): string {
  const last = (messages as { content: unknown }[] | undefined)?.at(-1)?.content;
  if (!Array.isArray(last)) return String(last ?? '');
  return last.map((part: { text?: string }) => part.text ?? '[picture]').join(' ');
}

/** The simplest value that satisfies a schema. */
function sampleOf(schema: Body): unknown {
  const { type, enum: choices, const: only, anyOf, properties, items, minItems, minimum } = schema;
  if (only !== undefined) return only;
  if (Array.isArray(choices)) return choices[0];
  if (Array.isArray(anyOf)) return sampleOf(anyOf[0]);
  if (type === 'object')
    return Object.fromEntries(
      Object.entries((properties ?? {}) as Record<string, Body>).map(([name, inner]) => [
        name,
        sampleOf(inner),
      ]),
    );
  if (type === 'array')
    return Array.from({ length: Math.max(1, Number(minItems ?? 1)) }, () => sampleOf(items as Body));
  if (type === 'string') return 'sample';
  if (type === 'boolean') return true;
  return type === 'null' ? null : Number(minimum ?? 1);
}

const toolCall = (call: { name: string; arguments: unknown }, index: number) => ({
  id: `call_${index + 1}`,
  type: 'function',
  function: { name: call.name, arguments: JSON.stringify(call.arguments) },
});

const usageOf = (body: Body, text: string) => {
  const input = Math.ceil(JSON.stringify(body.messages ?? '').length / 4);
  const output = Math.ceil(text.length / 4);
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
};

async function streamChat(
  body: Body,
  outgoing: ServerResponse,
  script: ScriptedChat,
  key: string,
): Promise<void> {
  outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
  outgoing.flushHeaders();
  const send = (data: unknown) => outgoing.write(`data: ${JSON.stringify(data)}\n\n`);
  const piece = (delta: object, finish: string | null = null) => ({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: body.model,
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  const pieces = [
    { role: 'assistant', content: '' },
    ...(script.refusal ? [{ refusal: script.refusal }] : []),
    // Four characters at a time, so that words are cut in the middle.
    ...(script.text?.match(/.{1,4}/gsu) ?? []).map((content) => ({ content })),
    ...(script.toolCalls ?? []).flatMap(toolDeltas),
  ];
  for (const [index, delta] of pieces.entries()) {
    if (script.milliseconds) await sleep(script.milliseconds);
    if (index === script.after?.pieces) {
      // What was written before must have left.
      await sleep(20);
      if (script.after.comes === 'hang-up') outgoing.destroy();
      if (script.after.comes === 'end') outgoing.end();
      if (script.after.comes === 'error') {
        send({ error: { message: `Something is wrong with ${key}`, code: key } });
        outgoing.end();
      }
      return;
    }
    if (outgoing.destroyed) return;
    send(piece(delta));
  }
  send(piece({}, finishOf(script, script)));
  const counts = (body.stream_options as { include_usage?: boolean } | undefined)?.include_usage;
  if (counts && script.usage !== false)
    send({ ...piece({}), choices: [], usage: usageOf(body, script.text ?? '') });
  outgoing.end('data: [DONE]\n\n');
}

/** A call as it is streamed: its name, then its arguments in two pieces. */
function toolDeltas(call: { name: string; arguments: unknown }, index: number) {
  const { id, type, function: whole } = toolCall(call, index);
  const middle = Math.ceil(whole.arguments.length / 2);
  return [
    { tool_calls: [{ index, id, type, function: { name: whole.name, arguments: '' } }] },
    { tool_calls: [{ index, function: { arguments: whole.arguments.slice(0, middle) } }] },
    { tool_calls: [{ index, function: { arguments: whole.arguments.slice(middle) } }] },
  ];
}
