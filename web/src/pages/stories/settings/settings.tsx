import { Heading } from '../shell/heading.tsx';

export default function Settings() {
  return <Heading title="Settings">Settings</Heading>;
}
