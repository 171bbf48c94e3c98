/** Column names as words, so that `PassengerId`, `passenger_id` and `ID de pasajero` can be compared. */

/** Lower case, without accents, split at capitals, digits and signs. */
export function words(name: string): string[] {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
