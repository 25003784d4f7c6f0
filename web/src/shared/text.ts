/**
 * Numbers and coordinates as people read them.
 * @module
 */

/** `12.3° N, 45.6° E`. */
export function degreesText({ lat, lon }: { lat: number; lon: number }, decimals = 1): string {
  const part = (value: number, positive: string, negative: string): string =>
    `${Math.abs(value).toFixed(decimals)}° ${value < 0 ? negative : positive}`;
  return `${part(lat, 'N', 'S')}, ${part(lon, 'E', 'W')}`;
}

/** A distance: two figures, kilometres. */
export function kmText(km: number): string {
  if (!Number.isFinite(km)) return 'unknown';
  if (km < 1) return 'under 1 km';
  const figures = 10 ** Math.max(0, Math.floor(Math.log10(km)) - 1);
  return `${new Intl.NumberFormat('en').format(km < 10 ? Math.round(km) : Math.round(km / figures) * figures)} km`;
}

/** A share of votes. */
export const votesText = (votes: number, of: number): string => `${votes} of ${of}`;

/** A message as a sentence: services write theirs without. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return '';
  const first = trimmed[0]!.toUpperCase() + trimmed.slice(1);
  return /[.!?:…]$/.test(first) ? first : `${first}.`;
}
