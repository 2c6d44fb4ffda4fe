import { useId } from 'react';
import { Icon } from '../../../design/icon.tsx';

interface TextAreaProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly rows?: number;
  readonly maxLength?: number;
  readonly hint?: string;
  readonly placeholder?: string;
  readonly error?: string | undefined;
}

/** Several lines of text with their label, hint and error. */
export function TextArea(props: TextAreaProps) {
  const { label, value, onChange, rows = 4, maxLength, hint, placeholder, error } = props;
  const id = useId();
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <textarea
        id={id}
        rows={rows}
        value={value}
        maxLength={maxLength}
        placeholder={placeholder}
        {...(described ? { 'aria-describedby': described } : {})}
        {...(error ? { 'aria-invalid': true } : {})}
        onChange={(event) => onChange(event.currentTarget.value)}
        className="w-full rounded-control border border-edge bg-surface px-3 py-2.5 font-serif text-ink aria-invalid:border-danger"
      />
      {hint ? (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      ) : null}
      {error ? (
        <p id={`${id}-error`} role="alert" className="flex gap-1.5 text-sm text-danger">
          <Icon name="warning" className="mt-0.5 size-4" />
          {error}
        </p>
      ) : null}
    </div>
  );
}
