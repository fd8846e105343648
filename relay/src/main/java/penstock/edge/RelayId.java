package penstock.edge;

import java.security.SecureRandom;

/**
 * What a relay is called among relays: two of them never have the same id, and neither has one that starts again.
 * Immutable.
 *
 * @param text the name, {@code ~} and 8 hexadecimal digits
 */
public record RelayId(String text) {
    private static final int MAX_NAME = 64;

    /** Of a relay with that name. */
    public static RelayId of(final String name) {
        final String shown = name.replaceAll("[^A-Za-z0-9._:-]", "-");
        return new RelayId(shown.substring(0, Math.min(MAX_NAME, shown.length()))
            + String.format("~%08x", new SecureRandom().nextInt()));
    }
}
