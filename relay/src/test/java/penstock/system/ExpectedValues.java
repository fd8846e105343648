package penstock.system;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a recording comes to, found without the relay's own scanner: the last payload and value of each symbol, and how
 * many there were.
 */
record ExpectedValues(Map<String, byte[]> payloads, Map<String, byte[]> values, Map<String, Long> counts) {
    /** Combined streams of Binance, {@code bookTicker} only: the value is what stands in {@code data}. */
    static ExpectedValues binance(final List<byte[]> frames) {
        final ExpectedValues expected = new ExpectedValues(new HashMap<>(), new HashMap<>(), new HashMap<>());
        for (final byte[] frame : frames) {
            final String text = new String(frame, StandardCharsets.UTF_8);
            final int data = text.indexOf("@bookTicker\",\"data\":");
            if (data > 0) {
                final String value = text.substring(data + 20, text.length() - 1);
                expected.add(between(value, "\"s\":\""), frame, value);
            }
        }
        return expected;
    }

    /** Flat quotes: the value is the whole frame. */
    static ExpectedValues flat(final List<byte[]> frames) {
        final ExpectedValues expected = new ExpectedValues(new HashMap<>(), new HashMap<>(), new HashMap<>());
        for (final byte[] frame : frames) {
            final String text = new String(frame, StandardCharsets.UTF_8);
            if (text.startsWith("{")) {
                expected.add(between(text, "\"symbol\":\""), frame, text);
            }
        }
        return expected;
    }

    private void add(final String symbol, final byte[] payload, final String value) {
        payloads.put(symbol, payload);
        values.put(symbol, value.getBytes(StandardCharsets.UTF_8));
        counts.merge(symbol, 1L, Long::sum);
    }

    private static String between(final String text, final String before) {
        final int start = text.indexOf(before) + before.length();
        return text.substring(start, text.indexOf('"', start));
    }
}
