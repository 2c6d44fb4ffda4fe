import { useState } from 'react';
import { Console } from './console.tsx';
import { useStanding } from './session.ts';
import { SignIn } from './sign-in/index.tsx';
import { type NewApp, StoreKey } from './sign-in/store-key.tsx';

/** Where the team works: signed out it asks who is there, signed in it is the console. */
export function AdminPage() {
  const { operator, endedBecause } = useStanding();
  const [newApp, setNewApp] = useState<NewApp | null>(null);
  if (operator) return <Console key={operator.id} operator={operator} />;
  if (newApp) return <StoreKey app={newApp} />;
  return <SignIn endedBecause={endedBecause} onNewApp={setNewApp} />;
}
