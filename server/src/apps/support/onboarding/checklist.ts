export type TaskId = 'sdk_installed' | 'first_message_sent' | 'user_identified' | 'team_invited';

interface Task {
  readonly id: TaskId;
  readonly title: string;
  readonly description: string;
  readonly required: boolean;
  readonly estimatedTime: string;
  readonly order: number;
  /** Of the progress: the two required ones are worth 80 % together (contract §11.5). */
  readonly percent: number;
}

export const tasks: readonly Task[] = [
  {
    id: 'sdk_installed',
    title: 'Connect your app or web page',
    description: 'Paste the snippet; this is done as soon as a first device calls.',
    required: true,
    estimatedTime: '2 min',
    order: 1,
    percent: 40,
  },
  {
    id: 'first_message_sent',
    title: 'Send a first message',
    description: 'Write one from your app or page and see it arrive in the inbox.',
    required: true,
    estimatedTime: '1 min',
    order: 2,
    percent: 40,
  },
  {
    id: 'user_identified',
    title: 'Say who your users are',
    description: 'Call setUser so that the inbox shows names instead of visitors.',
    required: false,
    estimatedTime: '5 min',
    order: 3,
    percent: 10,
  },
  {
    id: 'team_invited',
    title: 'Invite your team',
    description: 'Send a colleague an invitation link.',
    required: false,
    estimatedTime: '1 min',
    order: 4,
    percent: 10,
  },
];

export const isTaskId = (text: string): text is TaskId => tasks.some(({ id }) => id === text);

/** 0 to 100. */
export const progressOf = (done: ReadonlySet<TaskId>): number =>
  tasks.reduce((sum, task) => sum + (done.has(task.id) ? task.percent : 0), 0);

/** Whether everything that is required was done. */
export const isComplete = (done: ReadonlySet<TaskId>): boolean =>
  tasks.every((task) => !task.required || done.has(task.id));
