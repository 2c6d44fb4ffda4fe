import {
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  useId,
  useState,
} from 'react';
import { IconButton } from './button.tsx';
import { Icon, type IconName } from './icon.tsx';

const control =
  'min-h-11 w-full rounded-control border border-edge bg-surface px-3 text-ink disabled:bg-sunken disabled:text-muted aria-invalid:border-danger';

interface Labelled {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
}

function Frame(props: Labelled & { id: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <label htmlFor={props.id} className="text-sm font-medium">
        {props.label}
      </label>
      {props.children}
      {props.hint ? (
        <p id={`${props.id}-hint`} className="text-sm text-muted">
          {props.hint}
        </p>
      ) : null}
      {props.error ? (
        <p id={`${props.id}-error`} role="alert" className="flex gap-1.5 text-sm text-danger">
          <Icon name="warning" className="mt-0.5 size-4" />
          {props.error}
        </p>
      ) : null}
    </div>
  );
}

function described(id: string, { hint, error }: Labelled) {
  const ids = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return { ...(ids ? { 'aria-describedby': ids } : {}), ...(error ? { 'aria-invalid': true } : {}) };
}

type InputProps = InputHTMLAttributes<HTMLInputElement> & { readonly ref?: Ref<HTMLInputElement> };

/** One line of text with its label, hint and error. */
export function Field({
  label,
  hint,
  error,
  icon,
  className = '',
  ...input
}: Labelled & InputProps & { icon?: IconName }) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <div className="relative">
        {icon ? <Icon name={icon} className="absolute top-3 left-3 size-5 text-muted" /> : null}
        <input
          id={id}
          {...input}
          {...described(id, { label, hint, error })}
          className={`${control} ${icon ? 'pl-10' : ''} ${className}`}
        />
      </div>
    </Frame>
  );
}

/** A secret that stays hidden until its reader asks to see it. */
export function SecretField({ label, hint, error, className = '', ...input }: Labelled & InputProps) {
  const id = useId();
  const [shown, setShown] = useState(false);
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <div className="relative">
        <input
          id={id}
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          {...input}
          {...described(id, { label, hint, error })}
          type={shown ? 'text' : 'password'}
          className={`${control} pr-12 font-mono text-sm ${className}`}
        />
        <IconButton
          label={shown ? 'Hide the key' : 'Show the key'}
          icon={shown ? 'eye-off' : 'eye'}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
          className="absolute top-0 right-0"
        />
      </div>
    </Frame>
  );
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** One of several: the system's own menu, which phones and screen readers know best. */
export function Select({
  label,
  hint,
  error,
  choices,
  ...select
}: Labelled & SelectHTMLAttributes<HTMLSelectElement> & { choices: readonly Choice[] }) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <div className="relative">
        <select
          id={id}
          {...select}
          {...described(id, { label, hint, error })}
          className={`${control} appearance-none pr-9`}
        >
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
        <svg
          viewBox="0 0 12 12"
          aria-hidden="true"
          className="pointer-events-none absolute top-4 right-3 size-3 text-muted"
        >
          <path d="M2 4l4 4 4-4" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />
        </svg>
      </div>
    </Frame>
  );
}

interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** The value in words, for the eye and for assistive technology. */
  readonly words: string;
  readonly onChange: (value: number) => void;
  readonly disabled?: boolean;
}

/** A number on a scale. */
export function Slider({ label, value, min, max, step, words, onChange, disabled = false }: SliderProps) {
  const id = useId();
  return (
    <div className="flex min-w-0 flex-col">
      <div className="flex justify-between gap-3 text-sm">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        <output htmlFor={id} className="text-muted tabular-nums">
          {words}
        </output>
      </div>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        disabled={disabled}
        aria-valuetext={words}
        onChange={(event) => onChange(event.currentTarget.valueAsNumber)}
        style={{ '--value': (value - min) / (max - min) }}
        className="slider"
      />
    </div>
  );
}
