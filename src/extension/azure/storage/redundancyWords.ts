/** What the kinds of redundancy of a storage account mean, and what they cost about. */
import { l10n } from 'vscode';
import type { Redundancy } from '../../../azure/storage/storageAccounts.ts';

export interface RedundancyWords {
  /** `LRS: three copies in one place` */
  readonly label: string;
  readonly meaning: string;
}

/** @param sku `Standard_LRS`; the service may have more of them */
export function redundancyWords(sku: string): RedundancyWords {
  const short = sku.slice(sku.indexOf('_') + 1);
  const meanings: Readonly<Record<string, string>> = {
    LRS: l10n.t('Three copies in one data centre: lost if that burns down'),
    ZRS: l10n.t('Copies in three data centres of the region: outlives one of them'),
    GRS: l10n.t('Three copies, and three more in another region far away'),
    GZRS: l10n.t('Copies in three data centres, and three more in another region'),
  };
  return { label: short, meaning: meanings[short.replace(/^RA/, '')] ?? '' };
}

/**
 * Dollars for a gigabyte a month, hot, about: list prices of large regions in 2025, rounded. They are for a first idea; the
 * resource manager has none, and the form links to Azure's own list.
 * @see https://azure.microsoft.com/pricing/details/storage/blobs/
 */
export const aboutPrice: Readonly<Record<Redundancy, number>> = {
  Standard_LRS: 0.02,
  Standard_ZRS: 0.025,
  Standard_GRS: 0.04,
  Standard_GZRS: 0.045,
};

export const priceList = 'https://azure.microsoft.com/pricing/details/storage/blobs/';
