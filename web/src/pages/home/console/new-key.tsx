import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '../../../design/button.tsx';
import { CodeBlock } from '../../../design/code-block.tsx';
import { CopyButton } from '../../../design/copy-button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { Field, Select } from '../../../design/field.tsx';
import { sendAsAccount } from '../../../server/account.ts';
import { sentence } from '../../../server/request.ts';
import { examples, type KeyKind, keyPaths, kindUses, kindWords } from './key-kinds.ts';
import { keys } from './server.ts';

const kinds = Object.keys(keyPaths) as KeyKind[];

/** Makes a key, and shows it this once. */
export function NewKey({ open, close }: { open: boolean; close: () => void }) {
  const queries = useQueryClient();
  const [kind, setKind] = useState<KeyKind>('voice');
  const [made, setMade] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | undefined>();
  const [isBusy, setBusy] = useState(false);

  const leave = () => {
    setMade(null);
    setProblem(undefined);
    close();
  };
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name') ?? '').trim();
    if (name === '') return setProblem('Please name the program.');
    setProblem(undefined);
    setBusy(true);
    try {
      const answer = await sendAsAccount('POST', keyPaths[kind], { name });
      setMade(((await answer.json()) as { readonly key: string }).key);
      await queries.invalidateQueries({ queryKey: keys.queryKey });
    } catch (error) {
      setProblem(sentence(error));
    } finally {
      setBusy(false);
    }
  };

  if (made !== null) {
    const example = examples[kind](location.origin, made);
    return (
      <Dialog
        open={open}
        title="Your new key"
        onClose={leave}
        actions={
          <Button tone="primary" onClick={leave}>
            I have kept it
          </Button>
        }
      >
        <p>It is shown only now. Whoever has it acts for you.</p>
        <CodeBlock label="The key" code={made} />
        <CopyButton text={made} what="the key" className="self-start" />
        <p>This is how it is used:</p>
        <CodeBlock label="Example" code={example} />
        <CopyButton text={example} what="the example" className="self-start" />
      </Dialog>
    );
  }
  return (
    <Dialog open={open} title="Make a key" onClose={leave}>
      <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field
          label="Which program is it for?"
          name="name"
          autoComplete="off"
          maxLength={100}
          placeholder="kitchen speaker"
          error={problem}
          data-first=""
        />
        <Select
          label="What it opens"
          hint={`${kindUses[kind]}.`}
          value={kind}
          choices={kinds.map((value) => ({ value, label: kindWords[value] }))}
          onChange={(event) => {
            const chosen = kinds.find((one) => one === event.currentTarget.value);
            if (chosen) setKind(chosen);
          }}
        />
        <Button type="submit" tone="primary" busy={isBusy} className="self-end">
          Make it
        </Button>
      </form>
    </Dialog>
  );
}
