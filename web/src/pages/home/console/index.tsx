import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { CodeBlock } from '../../../design/code-block.tsx';
import { type AccountUser, forgetAccount } from '../../../server/account.ts';
import { ServerRefusal } from '../../../server/request.ts';
import { Operator } from '../operator/index.tsx';
import { Devices } from './devices.tsx';
import { Keys } from './keys.tsx';
import { account } from './server.ts';
import { SignIns } from './sign-ins.tsx';
import { Usage } from './usage.tsx';

interface ConsoleProps {
  readonly user: AccountUser;
  readonly signOut: (everywhere: boolean) => Promise<void>;
}

/** What one account has on this server, and for its operators the server itself. */
export function Console({ user, signOut }: ConsoleProps) {
  const queries = useQueryClient();
  const { data: self, error } = useQuery(account);
  const hasEnded = error instanceof ServerRefusal && error.status === 401;
  // Signed out on another device, or expired.
  useEffect(() => {
    if (hasEnded) forgetAccount(queries);
  }, [hasEnded, queries]);
  return (
    <div className="mt-12 flex flex-col gap-14">
      <Usage />
      <div className="grid gap-x-16 gap-y-14 lg:grid-cols-2">
        <SignIns />
        <Devices signOut={signOut} />
        <Keys />
        {self && !self.server_has_operator ? <NoOperator email={user.email} /> : null}
      </div>
      {self?.is_operator ? <Operator /> : null}
    </div>
  );
}

/** Shown to everybody until there is an operator: whoever can follow it owns the machine. */
function NoOperator({ email }: { email: string }) {
  return (
    <section aria-labelledby="no-operator" className="flex min-w-0 flex-col gap-4">
      <div>
        <h2 id="no-operator" className="text-xl font-semibold tracking-tight">
          Is this server yours?
        </h2>
        <p className="max-w-xl text-sm text-muted">
          Then name yourself its operator, on the machine it runs on, and this page also shows its jobs,
          storage and errors.
        </p>
      </div>
      <CodeBlock label="The command" code={`npm run earshot -- users operator ${email}`} />
    </section>
  );
}
