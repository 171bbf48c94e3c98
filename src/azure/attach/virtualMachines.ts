/** Virtual machines of a subscription with what attaching one needs: Ubuntu, and a public address that jobs come in by. */
import { say } from '../../shared/language.ts';
import type { AzureConnection } from '../connection.ts';
import { readAll } from '../subscriptions.ts';
import { placed } from './attachable.ts';
import type { Attachable } from './attachable.ts';

interface RawMachine {
  readonly id?: string;
  readonly name?: string;
  readonly location?: string;
  readonly properties?: {
    readonly hardwareProfile?: { readonly vmSize?: string };
    readonly osProfile?: { readonly adminUsername?: string };
    readonly storageProfile?: {
      readonly imageReference?: { readonly publisher?: string; readonly offer?: string };
      readonly osDisk?: { readonly osType?: string };
    };
    readonly networkProfile?: {
      readonly networkInterfaces?: readonly { readonly id?: string }[];
    };
  };
}

interface RawInterface {
  readonly id?: string;
  readonly properties?: {
    readonly ipConfigurations?: readonly {
      readonly properties?: { readonly publicIPAddress?: { readonly id?: string } };
    }[];
  };
}

interface RawAddress {
  readonly id?: string;
  readonly properties?: { readonly ipAddress?: string };
}

/** Three lists, however many machines there are. */
export async function listVirtualMachines(
  connection: AzureConnection,
  subscriptionId: string,
): Promise<readonly Attachable[]> {
  const list = <T>(type: string) =>
    readAll<T>(connection, `/subscriptions/${subscriptionId}/providers/Microsoft.${type}`);
  const [machines, interfaces, addresses] = await Promise.all([
    list<RawMachine>('Compute/virtualMachines'),
    list<RawInterface>('Network/networkInterfaces'),
    list<RawAddress>('Network/publicIPAddresses'),
  ]);
  const addressOf = publicAddresses(interfaces, addresses);
  return machines.map((machine) => attachable(machine, addressOf(machine)));
}

function publicAddresses(interfaces: readonly RawInterface[], addresses: readonly RawAddress[]) {
  const key = (id = '') => id.toLowerCase();
  const byId = new Map(addresses.map(({ id, properties }) => [key(id), properties?.ipAddress]));
  const byInterface = new Map(
    interfaces.map(({ id, properties }) => {
      const ids = (properties?.ipConfigurations ?? []).map(
        (one) => one.properties?.publicIPAddress?.id,
      );
      return [key(id), ids.map((one) => byId.get(key(one))).find((one) => one !== undefined)];
    }),
  );
  return ({ properties }: RawMachine): string | null => {
    const own = properties?.networkProfile?.networkInterfaces ?? [];
    return own.map(({ id }) => byInterface.get(key(id))).find((one) => one !== undefined) ?? null;
  };
}

function attachable(machine: RawMachine, address: string | null): Attachable {
  const { id = '', location = '', name = '', properties } = machine;
  const size = properties?.hardwareProfile?.vmSize ?? '';
  const user = properties?.osProfile?.adminUsername;
  return {
    ...placed(id, name, location),
    about: [size, address ?? ''].filter((part) => part !== '').join(' · '),
    problem: problemOf(machine, address),
    facts: {
      ...(user === undefined ? {} : { user }),
      ...(address === null ? {} : { address }),
    },
  };
}

/** An image of one's own does not say which Linux it is: that speaks for nothing and against nothing. */
function problemOf({ properties }: RawMachine, address: string | null): string | null {
  const { imageReference, osDisk } = properties?.storageProfile ?? {};
  if (osDisk?.osType === 'Windows') {
    return say('Windows: only machines with Ubuntu can be attached');
  }
  const { offer, publisher } = imageReference ?? {};
  const isUbuntu = /canonical/i.test(publisher ?? '') || /ubuntu/i.test(offer ?? '');
  if (offer !== undefined && !isUbuntu) {
    return say`${offer}: only machines with Ubuntu can be attached`;
  }
  if (address === null) {
    return say('no public address: give its network interface one in the Azure portal first');
  }
  return null;
}
