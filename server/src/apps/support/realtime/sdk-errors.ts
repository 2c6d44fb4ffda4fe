import type { Clock } from '../../../platform/clock.js';
import type { DeviceCaller } from '../callers.js';
import type { FanOut } from './fan-out.js';

/** Tells the test consoles of an app what its SDK was refused. */
export type ReportSdkError = (
  device: DeviceCaller,
  refusal: {
    readonly code: string;
    /** The route or the socket event. */
    readonly where: string;
  },
) => void;

/** A device that fails all the time is worth a line a second, not a message to all nodes each time. */
const REPORT_INTERVAL_MS = 1_000;
/** Devices whose last report is remembered. */
const DEVICES_KEPT = 1_000;

/** Reports over the fan-out, at most one per device and second. */
export function sdkErrorsOver(fanOut: FanOut, clock: Clock): ReportSdkError {
  const reportedAt = new Map<string, number>();
  return ({ appId, deviceId }, { code, where }) => {
    const now = clock.now();
    const key = `${appId} ${deviceId}`;
    if (now - (reportedAt.get(key) ?? Number.NEGATIVE_INFINITY) < REPORT_INTERVAL_MS) return;
    reportedAt.delete(key);
    reportedAt.set(key, now);
    const [quietest] = reportedAt.keys();
    if (reportedAt.size > DEVICES_KEPT && quietest !== undefined) reportedAt.delete(quietest);
    void fanOut.tell({ type: 'sdk-error', appId, deviceId, code, where });
  };
}
