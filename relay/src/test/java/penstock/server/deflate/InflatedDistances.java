package penstock.server.deflate;

import java.util.Arrays;

/** Inflates by RFC 1951, written from its text, and records the longest distance of a reference. */
final class InflatedDistances {
    private static final int[] ORDER = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

    private final byte[] in;
    private byte[] out = new byte[1024];
    private int size;
    private int bit;
    private int longest;

    private InflatedDistances(final byte[] in) {
        this.in = in;
    }

    static InflatedDistances of(final byte[] deflated) {
        final byte[] whole = Arrays.copyOf(deflated, deflated.length + 4);
        whole[deflated.length + 2] = -1;
        whole[deflated.length + 3] = -1;
        final InflatedDistances one = new InflatedDistances(whole);
        while (one.bit < whole.length * 8) {
            one.block();
        }
        return one;
    }

    byte[] bytes() {
        return Arrays.copyOf(out, size);
    }

    int longest() {
        return longest;
    }

    private int bits(final int count) {
        int value = 0;
        for (int i = 0; i < count; i++, bit++) {
            value |= (in[bit >> 3] >> (bit & 7) & 1) << i;
        }
        return value;
    }

    private void block() {
        bits(1);
        switch (bits(2)) {
            case 0 -> stored();
            case 1 -> {
                final int[] lengths = new int[288];
                for (int i = 0; i < 288; i++) {
                    lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
                }
                final int[] distances = new int[30];
                Arrays.fill(distances, 5);
                codes(lengths, distances);
            }
            case 2 -> dynamic();
            default -> throw new IllegalArgumentException("block type 3");
        }
    }

    private void stored() {
        bit = bit + 7 & ~7;
        final int length = bits(16);
        bits(16);
        for (int i = 0; i < length; i++) {
            write(bits(8));
        }
    }

    private void dynamic() {
        final int literals = bits(5) + 257;
        final int distances = bits(5) + 1;
        final int count = bits(4) + 4;
        final int[] meta = new int[19];
        for (int i = 0; i < count; i++) {
            meta[ORDER[i]] = bits(3);
        }
        final int[] all = new int[literals + distances];
        for (int i = 0; i < all.length;) {
            final int symbol = symbol(meta);
            if (symbol < 16) {
                all[i++] = symbol;
            } else {
                final int value = symbol == 16 ? all[i - 1] : 0;
                final int repeat = symbol == 16 ? 3 + bits(2) : symbol == 17 ? 3 + bits(3) : 11 + bits(7);
                for (int n = 0; n < repeat; n++) {
                    all[i++] = value;
                }
            }
        }
        codes(Arrays.copyOf(all, literals), Arrays.copyOfRange(all, literals, all.length));
    }

    private void codes(final int[] literals, final int[] distances) {
        for (int symbol = symbol(literals); symbol != 256; symbol = symbol(literals)) {
            if (symbol < 256) {
                write(symbol);
            } else {
                copy(length(symbol - 257), distance(symbol(distances)));
            }
        }
    }

    private int length(final int code) {
        if (code < 8) {
            return 3 + code;
        }
        final int extra = (code - 4) / 4;
        return code == 28 ? 258 : 3 + (4 + code % 4 << extra) + bits(extra);
    }

    private int distance(final int code) {
        if (code < 4) {
            return 1 + code;
        }
        final int extra = code / 2 - 1;
        return 1 + (2 + code % 2 << extra) + bits(extra);
    }

    private void copy(final int length, final int distance) {
        longest = Math.max(longest, distance);
        for (int i = 0; i < length; i++) {
            write(out[size - distance]);
        }
    }

    private void write(final int value) {
        if (size == out.length) {
            out = Arrays.copyOf(out, size * 2);
        }
        out[size++] = (byte) value;
    }

    /** The next symbol of the canonical code with these lengths; slow and simple. */
    private int symbol(final int[] lengths) {
        int code = 0;
        int first = 0;
        for (int length = 1; length < 16; length++) {
            code = code << 1 | bits(1);
            first <<= 1;
            int index = code - first;
            for (int symbol = 0; symbol < lengths.length; symbol++) {
                if (lengths[symbol] == length) {
                    if (index-- == 0) {
                        return symbol;
                    }
                    first++;
                }
            }
        }
        throw new IllegalArgumentException("no such code");
    }
}
