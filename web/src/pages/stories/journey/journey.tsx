import { Heading } from '../shell/heading.tsx';

export default function Journey() {
  return <Heading title="Journey">Journey</Heading>;
}
