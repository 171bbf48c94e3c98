/** Prices in words. */
import { env, l10n } from 'vscode';
import type { HourPrice } from '../../azure/vmSizes.ts';

/** Of so many machines, an hour: `$0.58`. */
export function money({ amount, currency }: HourPrice, machines = 1): string {
  const style = { style: 'currency', currency } as const;
  return new Intl.NumberFormat(env.language, style).format(amount * machines);
}

export function hourText(price: HourPrice | null, machines = 1): string {
  return price === null ? l10n.t('price unknown') : l10n.t('{0} an hour', money(price, machines));
}
