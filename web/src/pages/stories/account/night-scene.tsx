const stars = [
  [40, 34, 1.6],
  [88, 70, 1],
  [132, 28, 1.2],
  [186, 58, 1.8],
  [238, 24, 1],
  [262, 92, 1.3],
  [330, 40, 1.1],
  [352, 104, 0.9],
  [64, 118, 1],
  [150, 104, 0.9],
  [216, 122, 1.1],
  [400, 66, 1.4],
  [446, 30, 1],
  [474, 96, 1.2],
] as const;

/** A lit window, hills and a moon: what the page is for, in one picture. */
export function NightScene({ className = '' }: { className?: string }) {
  return (
    <svg viewBox="0 0 500 260" preserveAspectRatio="xMidYMid slice" aria-hidden="true" className={className}>
      <defs>
        <linearGradient id="night-sky" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="#16213f" />
          <stop offset="0.62" stopColor="#2b4264" />
          <stop offset="1" stopColor="#5c6f86" />
        </linearGradient>
        <radialGradient id="night-glow">
          <stop offset="0" stopColor="#fff3cf" stopOpacity="0.5" />
          <stop offset="1" stopColor="#fff3cf" stopOpacity="0" />
        </radialGradient>
      </defs>
      <rect width="500" height="260" fill="url(#night-sky)" />
      {stars.map(([x, y, r]) => (
        <circle key={`${x} ${y}`} cx={x} cy={y} r={r} fill="#fdf6e0" opacity={0.5 + r / 4} />
      ))}
      <circle cx="392" cy="70" r="74" fill="url(#night-glow)" />
      <path d="M408 46a30 30 0 1 0 14 50 34 34 0 0 1-14-50Z" fill="#fbeec4" />
      <path d="M0 182c70-40 128-34 190-12s128 20 186-8 92-22 124-10v108H0Z" fill="#2f5a55" />
      <path d="M0 210c84-28 150-22 214-6s166 18 286-16v72H0Z" fill="#224a41" />
      <path d="M0 236c110-22 210-10 280-4s146-2 220-14v42H0Z" fill="#183a32" />
      <g>
        <path d="M112 150l46-34 46 34v58h-92Z" fill="#efe3c8" />
        <path d="M104 154l54-41 54 41 6-7-60-47-60 47Z" fill="#a5493a" />
        <rect x="182" y="112" width="11" height="24" fill="#8d3d31" />
        <circle cx="158" cy="166" r="52" fill="url(#night-glow)" />
        <rect x="143" y="146" width="30" height="28" rx="3" fill="#ffd77c" />
        <path d="M158 146v28M143 160h30" stroke="#8a6a3c" strokeWidth="2.2" />
        <path d="M126 208v-22a9 9 0 0 1 18 0v22Z" fill="#7a5a3c" />
      </g>
      <g fill="#14332c">
        <path d="M60 214l18-52 18 52ZM64 190l14-42 14 42Z" />
        <path d="M238 216l14-42 14 42ZM241 196l11-34 11 34Z" />
        <path d="M430 214l20-58 20 58ZM434 186l16-46 16 46Z" />
      </g>
    </svg>
  );
}
