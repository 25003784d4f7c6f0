/**
 * Degrees with a fixed number of decimals, inside a bound.
 * @module
 */
import type { Step } from './step.ts';

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;

/**
 * The step before a number such as `-12.5`: no leading zeros, no plus, at most `limit` either way.
 *
 * @param key - names this number among all of the grammar
 * @param decimals - digits behind the point; none and no point for 0
 */
export function degreesOf(key: string, limit: number, decimals: number, after: () => Step): Step {
  const fraction = (done: number, isAtLimit: boolean): Step => ({
    key: `${key} .${done}${isAtLimit ? ' limit' : ''}`,
    isFinal: false,
    next(byte) {
      const digit = byte - ZERO;
      if (done === decimals) return after().next(byte);
      return digit >= 0 && digit <= (isAtLimit ? 0 : 9) ? fraction(done + 1, isAtLimit) : undefined;
    },
  });
  const whole = (value: number): Step => ({
    key: `${key} ${value}`,
    isFinal: false,
    next(byte) {
      if (byte === POINT && decimals > 0) return fraction(0, value === limit);
      const digit = byte - ZERO;
      if (digit < 0 || digit > 9) return decimals === 0 ? after().next(byte) : undefined;
      const longer = value * 10 + digit;
      return value > 0 && longer <= limit ? whole(longer) : undefined;
    },
  });
  const first = (mayBeNegative: boolean): Step => ({
    key: `${key}${mayBeNegative ? '' : ' -'}`,
    isFinal: false,
    next(byte) {
      if (byte === MINUS) return mayBeNegative ? first(false) : undefined;
      const digit = byte - ZERO;
      return digit >= 0 && digit <= 9 ? whole(digit) : undefined;
    },
  });
  return first(true);
}
