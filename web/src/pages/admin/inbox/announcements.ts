import { useEffect } from 'react';
import { usePlace, type View } from '../place.ts';
import { useInbox } from './context.ts';
import { titleOf } from './conversations.ts';

const titles: Readonly<Record<View, string>> = {
  inbox: 'Inbox',
  people: 'People',
  analytics: 'Analytics',
  settings: 'Settings',
};

/** The tab's title counts what is unread; a hidden tab shows the system's notifications, where that is allowed. */
export function useAnnouncements(view: View, unread: number): void {
  const inbox = useInbox();
  const { go } = usePlace();

  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread}) ` : ''}${titles[view]} · Earshot`;
  }, [view, unread]);

  useEffect(
    () =>
      inbox.onArrival((message, conversation) => {
        if (!document.hidden || typeof Notification === 'undefined') return;
        if (Notification.permission !== 'granted') return;
        const notification = new Notification(titleOf(conversation), {
          body: message.body.slice(0, 200),
          // One per conversation: a burst of messages is one interruption.
          tag: conversation.conversation_id,
          icon: '/icon-512.png',
        });
        notification.onclick = () => {
          window.focus();
          go({ view: 'inbox', id: conversation.conversation_id });
          notification.close();
        };
      }),
    [inbox, go],
  );
}
