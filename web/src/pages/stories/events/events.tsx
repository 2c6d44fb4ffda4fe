import { Heading } from '../shell/heading.tsx';

export default function Events() {
  return <Heading title="Events">Events</Heading>;
}
