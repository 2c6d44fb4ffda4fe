import { focusManager, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './design/theme.css';
import { Toasts } from './design/toast.tsx';
import { router } from './router.tsx';
import { NoAnswer } from './server/request.ts';

// Two windows side by side never become hidden, so the focus counts as well as the visibility.
focusManager.setEventListener((changed) => {
  const onChange = () => changed();
  addEventListener('visibilitychange', onChange);
  addEventListener('focus', onChange);
  return () => {
    removeEventListener('visibilitychange', onChange);
    removeEventListener('focus', onChange);
  };
});

const queries = new QueryClient({
  defaultOptions: {
    queries: { retry: (failures, error) => error instanceof NoAnswer && failures < 2, staleTime: 5_000 },
  },
});

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
      <Toasts />
    </QueryClientProvider>
  </StrictMode>,
);
