package penstock.config;

import java.util.List;

/**
 * Authentication of subscribers. Immutable.
 *
 * @param keysFile path of the file of keys, null if there is none
 * @param sessions sessions of one principal at once, unless its key or token says otherwise; 0 = no limit
 */
public record AuthConfig(Mode mode, String keysFile, int sessions) {
    /** How subscribers authenticate. */
    public enum Mode {
        /** Not at all. */
        NONE,
        /** With a key of the keys file. */
        KEYS,
        /** With a token that an identity provider has signed. */
        JWT
    }

    /**
     * Data that is granted as a whole. Immutable.
     *
     * @param channels its channels; empty = all
     * @param symbols  its symbols: exact names, and patterns with {@code *}
     */
    public record Product(List<String> channels, List<String> symbols) {
    }
}
