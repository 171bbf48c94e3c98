/** Random orders: of any source of 32-bit words those of NumPy's `RandomState.permutation`. */

/** Each call gives the next uniform word, 0 .. 2^32 - 1. */
export type RandomWords = () => number;

/** Fills `places` from its beginning: for `last`, `last - 1`, ..., `count` of them, a uniform integer from 0 to it. */
export type DrawPlaces = (places: Uint32Array, last: number, count: number) => void;

/** Places drawn before any is used: of a long list they lie far apart, and so the processor fetches many at a time. */
const drawnAhead = 256;

const places = new Uint32Array(drawnAhead);

/** Puts `order` into a random one of its orders in place, Fisher-Yates from the last element down. */
export function shuffle(order: Uint32Array, draw: DrawPlaces): void {
  for (let last = order.length - 1; last > 0; last -= drawnAhead) {
    const count = Math.min(drawnAhead, last);
    draw(places, last, count);
    for (let k = 0; k < count; k++) {
      const swapped = order[last - k]!;
      order[last - k] = order[places[k]!]!;
      order[places[k]!] = swapped;
    }
  }
}

/** As NumPy: draws are masked and those that are too large rejected. */
function placesFrom(words: RandomWords): DrawPlaces {
  return (places, last, count) => {
    for (let k = 0; k < count; k++) {
      const mask = placeMask(last - k);
      let place: number;
      do place = (words() & mask) >>> 0;
      while (place > last - k);
      places[k] = place;
    }
  };
}

/** All bits that a number up to `last` may have. */
function placeMask(last: number): number {
  return 0xffffffff >>> Math.clz32(last);
}

/** 0 .. count - 1 in NumPy's random order. */
export function permutation(count: number, words: RandomWords): Uint32Array {
  const order = new Uint32Array(count);
  permute(order, placesFrom(words));
  return order;
}

/** Makes `order` 0 .. length - 1 in random order. */
export function permute(order: Uint32Array, draw: DrawPlaces): void {
  for (let i = 0; i < order.length; i++) order[i] = i;
  shuffle(order, draw);
}
