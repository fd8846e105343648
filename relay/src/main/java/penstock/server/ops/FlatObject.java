package penstock.server.ops;

import penstock.wire.MessageBuffer;

/** Writes a JSON object without objects in it, into a buffer that is used again. Owned by the ops thread. */
final class FlatObject {
    private static final long US_PER_MS = 1_000;
    private static final int FRACTION_DIGITS = 3;

    private final MessageBuffer text = new MessageBuffer(512);

    /** Begins another object. */
    FlatObject begin() {
        text.clear().put('{');
        return this;
    }

    FlatObject put(final String name, final long value) {
        name(name).put(value);
        return this;
    }

    FlatObject put(final String name, final boolean value) {
        name(name).put(value ? "true" : "false");
        return this;
    }

    /** Without the member if {@code value} is null. */
    FlatObject put(final String name, final String value) {
        if (value != null) {
            name(name).putString(value);
        }
        return this;
    }

    /** Microseconds, as milliseconds with three digits behind the point. */
    FlatObject putMs(final String name, final long us) {
        final String fraction = Long.toString(us % US_PER_MS);
        name(name).put(us / US_PER_MS).put('.').put("0".repeat(FRACTION_DIGITS - fraction.length())).put(fraction);
        return this;
    }

    /** Ends the object; valid until the next one begins. */
    MessageBuffer end() {
        return text.put('}');
    }

    private MessageBuffer name(final String name) {
        return text.put(text.length() > 1 ? "," : "").putString(name).put(':');
    }
}
