import { useEffect, useRef, useState } from 'react';
import { Button } from './button.tsx';
import { notify } from './toast.tsx';

/** Copies `text`. On plain HTTP the clipboard API is absent, so an off-screen field is selected instead. */
async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Refused (no permission, lost focus): the selection below may still be allowed.
    }
  }
  const field = document.createElement('textarea');
  field.value = text;
  field.readOnly = true;
  field.style.position = 'fixed';
  field.style.opacity = '0';
  // Inside an open modal dialog everything else is inert and cannot be selected.
  (document.querySelector('dialog[open]') ?? document.body).append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  return copied;
}

interface CopyButtonProps {
  readonly text: string;
  /** What is copied, as in "Copy the address". */
  readonly what: string;
  readonly className?: string;
}

export function CopyButton({ text, what, className = '' }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => () => clearTimeout(timer.current), []);

  const copy = async () => {
    const done = await copyText(text);
    button.current?.focus();
    if (!done) return notify(`This browser does not allow copying. Please select ${what} by hand.`, 'danger');
    setCopied(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setCopied(false), 2_000);
  };

  return (
    <Button
      ref={button}
      icon={copied ? 'check' : 'copy'}
      aria-label={`${copied ? 'Copied' : 'Copy'} ${what}`}
      onClick={() => void copy()}
      className={`shrink-0 ${className}`}
    >
      {copied ? 'Copied' : 'Copy'}
    </Button>
  );
}
