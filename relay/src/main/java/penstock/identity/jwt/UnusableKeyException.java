package penstock.identity.jwt;

/** A key, or a set of keys, cannot be used; the message says why and holds no part of a key. */
final class UnusableKeyException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableKeyException(final String reason, final Throwable cause) {
        super(reason, cause);
    }
}
