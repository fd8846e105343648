package penstock.config;

/** Authentication of subscribers. Immutable. */
public record AuthConfig(Mode mode) {
    /** Who may subscribe. */
    public enum Mode {
        /** No authentication. */
        NONE,
        /** A configured key; not in this version. */
        STATIC,
        /** A signed token; not in this version. */
        JWT
    }
}
