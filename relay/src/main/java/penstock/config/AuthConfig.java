package penstock.config;

/** How subscribers prove who they are. Immutable. */
public record AuthConfig(Mode mode) {
    /** Who may subscribe. */
    public enum Mode {
        /** Everybody. */
        NONE,
        /** Holders of a configured key; not in this version. */
        STATIC,
        /** Holders of a signed token; not in this version. */
        JWT
    }
}
