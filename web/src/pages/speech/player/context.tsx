import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { notify } from '../../../design/toast.tsx';
import { createPositionKeeper, useHeard } from '../queries.ts';
import { clockTime } from '../words.ts';
import { createPlayer, type Player, type PlayerState } from './player.ts';

const PlayerContext = createContext<Player | null>(null);

/** One player for the page; it falls silent when the page is left. */
export function PlayerProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [player, setPlayer] = useState<Player | null>(null);
  useEffect(() => {
    const positions = createPositionKeeper(queries);
    const made = createPlayer(positions);
    setPlayer(made);
    return () => {
      made.close();
      positions.close();
    };
  }, [queries]);
  if (!player) return null;
  return (
    <PlayerContext value={player}>
      <FollowOtherDevices player={player} />
      {children}
    </PlayerContext>
  );
}

/** A paused note moves along when it was heard further on another device. */
function FollowOtherDevices({ player }: { player: Player }) {
  const heard = useHeard();
  useEffect(() => {
    const state = player.state();
    if (state.phase !== 'ready') return;
    const there = heard.get(state.note.contentHash);
    if (there && player.adopt(there)) {
      notify(`Moved to ${clockTime(player.position())}, where you stopped on another device.`);
    }
  }, [heard, player]);
  return null;
}

export function usePlayer(): Player {
  const player = useContext(PlayerContext);
  if (!player) throw new Error('usePlayer needs a PlayerProvider above it');
  return player;
}

export function usePlayerState(): PlayerState {
  const player = usePlayer();
  return useSyncExternalStore(player.subscribe, player.state);
}

export function usePosition(): number {
  const player = usePlayer();
  return useSyncExternalStore(player.subscribe, player.position);
}

export function useRate(): number {
  const player = usePlayer();
  return useSyncExternalStore(player.subscribe, player.rate);
}

export function useDownloaded(): ReadonlySet<string> {
  const player = usePlayer();
  return useSyncExternalStore(player.subscribe, player.downloaded);
}
