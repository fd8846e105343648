package penstock.fanout;

import java.util.Random;

/** Randomness for rounds numbered 1, 2, 3…: the number of a failed round is its seed. */
final class Seeds {
    /**
     * The golden ratio of 2^64. What generators begin with whose seeds follow each other is much the same otherwise.
     */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private Seeds() {
    }

    /** Always the same for the same seed. */
    static Random random(final long seed) {
        return new Random(seed * SPREAD);
    }
}
