import { OnDemand } from "../shared/on-demand.ts";
import type { TableLink } from "./table-link.ts";
import type { TunedDevice, TunedSeat } from "./tuned-device.ts";

/** What lets the game master tune this device is loaded when it is first asked for, and where the device was tuned before. */
export function followTuning(client: TableLink, seat: TunedSeat): void {
  let device: TunedDevice | undefined;
  const load = async (): Promise<TunedDevice> => {
    const { TunedDevice } = await import("./tuned-device.ts");
    device ??= new TunedDevice(client, seat);
    return device;
  };
  const onDemand = new OnDemand({ tune: load });
  client.on("other", (message) => onDemand.take(message));
  if (seat.view().trimMs !== 0) load().catch(() => undefined);
}
