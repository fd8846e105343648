// What a symbol was worth: one sample a second, for the line in its row and for the chart.

export const SAMPLES = 600;
const FIRST_SAMPLES = 64;

/** The last ten minutes of two prices; a gap, where the symbol was not live, is NaN. It grows as needed. */
export class History {
  #low = new Float64Array(FIRST_SAMPLES);
  #high = new Float64Array(FIRST_SAMPLES);
  #seconds = new Float64Array(FIRST_SAMPLES);
  #next = 0;
  length = 0;

  /** `second`: seconds since 1970, rising. */
  add(second, low, high) {
    if (this.length === this.#low.length && this.length < SAMPLES) this.#grow();
    this.#low[this.#next] = low;
    this.#high[this.#next] = high;
    this.#seconds[this.#next] = second;
    this.#next = (this.#next + 1) % this.#low.length;
    this.length = Math.min(this.length + 1, this.#low.length);
  }

  /** Calls `each(second, low, high)` from the sample `count` before the end on. */
  forEach(count, each) {
    const size = this.#low.length, wanted = Math.min(count, this.length);
    for (let i = 0, at = (this.#next - wanted + size) % size; i < wanted; i++, at = (at + 1) % size) {
      each(this.#seconds[at], this.#low[at], this.#high[at]);
    }
  }

  #grow() {
    const length = Math.min(2 * this.length, SAMPLES), before = [this.#low, this.#high, this.#seconds];
    [this.#low, this.#high, this.#seconds] = before.map(samples => {
      const larger = new Float64Array(length);
      larger.set(samples);
      return larger;
    });
    this.#next = this.length;
  }
}
