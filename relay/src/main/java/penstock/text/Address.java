package penstock.text;

/**
 * A URL whose query, user or password may be secret. It is masked wherever it is shown: only {@link #text} gives the
 * whole address. Immutable.
 *
 * @param text the address as it is used
 */
public record Address(String text) {
    /** The address masked. */
    @Override
    public String toString() {
        return SecretMask.url(text);
    }
}
