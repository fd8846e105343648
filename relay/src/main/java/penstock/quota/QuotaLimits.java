package penstock.quota;

/**
 * What one client may ask for; 0 = no limit. Immutable.
 *
 * @param keys       the section of the configuration that has them, or its last part, for the client to name
 * @param handshakes handshakes a second
 * @param requests   requests a second, in all sessions
 * @param work       work a second, in topics of an answer
 * @param subscriptions at the same time, in all sessions
 * @param symbols    symbols and patterns at the same time, in all sessions
 */
public record QuotaLimits(Keys keys, int handshakes, int requests, int work, int subscriptions, int symbols) {
    /** How the keys of the configuration are called: between prefix and suffix stands what is limited. */
    public record Keys(String prefix, String suffix) {
    }

    /** What is said of one client, where the keys of all are not known. */
    public static QuotaLimits of(final int handshakes, final int requests, final int work, final int subscriptions,
            final int symbols) {
        return new QuotaLimits(NONE.keys, handshakes, requests, work, subscriptions, symbols);
    }

    /** No limit. */
    public static final QuotaLimits NONE = new QuotaLimits(new Keys("", ""), 0, 0, 0, 0, 0);

    /** These, and where they are less than 0 those of {@code others}, with their keys. */
    QuotaLimits orElse(final QuotaLimits others) {
        return new QuotaLimits(others.keys, handshakes < 0 ? others.handshakes : handshakes,
            requests < 0 ? others.requests : requests, work < 0 ? others.work : work,
            subscriptions < 0 ? others.subscriptions : subscriptions, symbols < 0 ? others.symbols : symbols);
    }

    boolean isNone() {
        return handshakes == 0 && requests == 0 && work == 0 && subscriptions == 0 && symbols == 0;
    }

    String key(final String limited) {
        return keys.prefix() + limited + keys.suffix();
    }
}
